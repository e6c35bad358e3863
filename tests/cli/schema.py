"""The part of JSON Schema that docs/schema/ uses. Any other keyword is an error, so that nothing is passed over silently."""

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
NOTES = {"$schema", "$id", "$defs", "title", "description"}


def has_type(value, name):
    if name in ("number", "integer"):
        wanted = (int, float) if name == "number" else int
        return isinstance(value, wanted) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def schema_errors(value, schema, root=None, where="$"):
    """One sentence for each place where the document breaks the schema."""
    root = schema if root is None else root
    errors = []
    for keyword, rule in schema.items():
        if keyword in NOTES:
            continue
        if keyword == "$ref":
            errors += schema_errors(value, root["$defs"][rule.split("/")[-1]], root, where)
        elif keyword == "type":
            if not any(has_type(value, name) for name in ([rule] if isinstance(rule, str) else rule)):
                errors.append(f"{where} is not of type {rule}")
        elif keyword == "enum":
            if value not in rule:
                errors.append(f"{where} is none of {rule}")
        elif keyword == "minimum":
            if has_type(value, "number") and value < rule:
                errors.append(f"{where} is below {rule}")
        elif keyword == "required":
            errors += [f"{where} lacks {key}" for key in rule if isinstance(value, dict) and key not in value]
        elif keyword == "additionalProperties":
            assert rule is False
            extra = set(value) - set(schema["properties"]) if isinstance(value, dict) else set()
            errors += [f"{where} must not have {key}" for key in sorted(extra)]
        elif keyword == "properties":
            for key, part in rule.items():
                if isinstance(value, dict) and key in value:
                    errors += schema_errors(value[key], part, root, f"{where}.{key}")
        elif keyword == "items":
            for index, item in enumerate(value if isinstance(value, list) else []):
                errors += schema_errors(item, rule, root, f"{where}[{index}]")
        else:
            errors.append(f"the schema has a keyword that is not known here: {keyword}")
    return errors
