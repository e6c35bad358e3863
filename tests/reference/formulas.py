"""What the probes measure, a second time: from the papers and docs/probes.md, in NumPy, and not from the program. Float64."""
import math

import numpy as np

from streams import Stream


def losses(logits, targets, kind):
    """Of each example: cross-entropy in nats, or the mean over classes of (output - one-hot)²."""
    logits = np.asarray(logits, float)
    if kind == "mse":
        return ((logits - np.eye(logits.shape[1])[targets]) ** 2).mean(1)
    shifted = logits - logits.max(1, keepdims=True)
    return np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(targets)), targets]


def accuracy(logits, targets):
    return float((np.argmax(logits, 1) == targets).mean())


def unmirrored(pairs, trained, test):
    """Test pairs (a, b) whose mirror (b, a) is not trained on. Of pairs as rows, masks over them."""
    trained_on = {tuple(pair) for pair in pairs[trained]}
    return test & np.array([(b, a) not in trained_on for a, b in pairs])


def fourier_directions(p):
    """Nanda et al. 2023: unit-norm cos and sin rows of k = 1 .. floor(p/2); for even p the last has no sine."""
    k, n = np.arange(1, p // 2 + 1)[:, None], np.arange(p)
    cosine, sine = np.cos(2 * np.pi * k * n / p), np.sin(2 * np.pi * k * n / p)
    cosine *= np.where(2 * k == p, 1, np.sqrt(2)) / np.sqrt(p)
    sine *= np.where(2 * k == p, 0, np.sqrt(2)) / np.sqrt(p)
    return cosine, sine


def component_norms(tokens):
    """(token, feature) -> norms of the cos and of the sin component of every frequency."""
    cosine, sine = fourier_directions(len(tokens))
    return np.linalg.norm(cosine @ tokens, axis=1), np.linalg.norm(sine @ tokens, axis=1)


def key_frequencies(tokens):
    """Above a quarter of the largest of all component norms; the strongest first."""
    cosine, sine = component_norms(tokens)
    keys = 1 + np.flatnonzero(np.maximum(cosine, sine) > max(cosine.max(), sine.max()) / 4)
    return sorted(keys, key=lambda k: -(cosine[k - 1] ** 2 + sine[k - 1] ** 2))


def gini(values):
    """Hurley and Rickard 2009: mean |x_i - x_j| / (2 mean x)."""
    values = np.asarray(values, float)
    return float(np.abs(values[:, None] - values).mean() / (2 * values.mean()))


def gini_of_components(tokens):
    cosine, sine = component_norms(tokens)
    return gini(np.concatenate([cosine, sine if len(tokens) % 2 else sine[:-1]]))


def key_projection(p, keys):
    """(p², p²): on the unit-norm directions cos w(a+b) and sin w(a+b) over all pairs, a * p + b."""
    sums = (np.arange(p)[:, None] + np.arange(p)).ravel()
    angles = 2 * np.pi * np.outer(keys, sums) / p
    directions = np.concatenate([np.cos(angles), np.sin(angles)]) * math.sqrt(2) / p
    return directions.T @ directions


def progress(logits, trained, test, judged, keys, kind):
    """Nanda et al. 2023, section 5.1, as docs/probes.md has it. logits (p², p) of the pairs a * p + b; masks over them."""
    logits = np.asarray(logits, float)
    p = logits.shape[1]
    sums = ((np.arange(p)[:, None] + np.arange(p)) % p).ravel()
    project = key_projection(p, keys)
    means = np.stack([logits[judged & (sums == s)].mean(0) if (judged & (sums == s)).any() else logits[judged].mean(0) for s in range(p)])
    restricted = project @ means[sums] + means.mean(0)
    return {
        "restricted_loss": losses(restricted[judged], sums[judged], kind).mean(),
        "constant_loss": losses(np.tile(means.mean(0), (judged.sum(), 1)), sums[judged], kind).mean(),
        "restricted_loss_all": losses(project @ logits + logits.mean(0), sums, kind).mean(),
        "excluded_loss": losses((logits - project @ logits)[trained], sums[trained], kind).mean(),
        "full_train_loss": losses(logits[trained], sums[trained], kind).mean(),
        "full_test_loss": losses(logits[test], sums[test], kind).mean(),
    }


def ranks(activation):
    """Of the activation minus its mean over examples: sigma / sigma_1, and the three ranks. What is below 1e-6 reads 0."""
    sigma = np.linalg.svd(np.asarray(activation, float) - np.mean(activation, 0, dtype=float), compute_uv=False)
    sigma = np.where(sigma < 1e-6 * sigma[0], 0, sigma) / sigma[0]
    share = sigma[sigma > 0] / sigma.sum()
    return sigma, {"numerical": int((sigma > 1e-3).sum()), "stable": (sigma ** 2).sum(), "effective": math.exp(-(share * np.log(share)).sum())}


def feature_measures(features, epsilon):
    """Of features (example, d): eigenvalues of their covariance over the largest, and what docs/probes.md derives from them."""
    values = np.maximum(np.linalg.eigvalsh(np.cov(features.T))[::-1], 0)
    share = values[values > 0] / values.sum()
    entropy = -(share * np.log(share)).sum()
    return values / values[0], {"rank": int((values > values[0] * len(values) * epsilon).sum()), "stable": values.sum() / values[0],
                                "effective": math.exp(entropy), "participation": values.sum() ** 2 / (values ** 2).sum(),
                                "entropy": entropy / math.log(len(values))}


def ridge_accuracies(train, train_labels, test, test_labels, classes, penalty):
    """Of a ridge regression of one-hot labels on centred features of unit variance on average, ‖F W + b − Y‖² / n + penalty ‖W‖²."""
    fits = np.arange(len(train)) % 5 > 0  # every fifth chose the penalty
    mean = train[fits].mean(0)
    factor = 1 / math.sqrt(((train[fits] - mean) ** 2).mean())
    scaled, wanted = (train[fits] - mean) * factor, np.eye(classes)[train_labels[fits]]
    weights = np.linalg.solve(scaled.T @ scaled / fits.sum() + penalty * np.eye(train.shape[1]), scaled.T @ (wanted - wanted.mean(0)) / fits.sum())
    answers = [np.argmax((features - mean) * factor @ weights + wanted.mean(0), 1) for features in (train, test)]
    return [(answer == labels).mean() for answer, labels in zip(answers, (train_labels, test_labels))]


def valley(norms, test_loss, train_accuracy, chance):
    """The stretch of norms around the lowest test loss: at least halfway down from chance on a log axis, and train accuracy at
    least 0.9 of its maximum. It ends where the curves cross these levels between two points: log loss, and accuracy, on straight
    lines over the log norm. None if the lowest is not below 0.8 of chance, or no point is in it."""
    lowest = test_loss.min()
    halfway, accurate = math.sqrt(max(lowest, 1e-8) * chance), 0.9 * train_accuracy.max()
    inside = (test_loss <= halfway) & (train_accuracy >= accurate)
    height = np.log(np.maximum(test_loss, 1e-8))
    if not lowest < 0.8 * chance or not inside.any():
        return None
    low = high = int(np.argmin(np.where(inside, test_loss, np.inf)))
    while low > 0 and inside[low - 1]:
        low -= 1
    while high + 1 < len(norms) and inside[high + 1]:
        high += 1

    def edge(last, beyond):
        if not 0 <= beyond < len(norms):
            return norms[last]
        shares = [(level - curve[last]) / (curve[beyond] - curve[last])
                  for curve, level, crossed in ((height, math.log(halfway), test_loss[beyond] > halfway),
                                                (train_accuracy, accurate, train_accuracy[beyond] < accurate)) if crossed]
        return norms[last] * (norms[beyond] / norms[last]) ** min(shares)

    return edge(low, low - 1), edge(high, high + 1)


def chance(kind, classes):
    """The loss of a network that gives every class the same."""
    return (1 - 1 / classes) / classes if kind == "mse" else math.log(classes)


def class_sample(labels, train, test, classes, points, seed, stream):
    """Examples of the same classes of both parts, class after class, and how many of each. `labels` (example); masks over them."""
    rank = Stream(seed, stream + ".examples").permutation(len(labels))
    members = [{k: sorted(np.flatnonzero(mask & (labels == k)), key=rank.__getitem__)[:points] for k in set(labels)} for mask in (train, test)]
    class_order = [k for k in Stream(seed, stream + ".classes").permutation(labels.max() + 1) if k in members[0]]
    sizes = {k: min(len(part[k]) for part in members) for k in class_order}
    chosen = sorted([k for k in class_order if sizes[k]][:classes])
    return [np.concatenate([part[k][:sizes[k]] for k in chosen]) for part in members] + [[sizes[k] for k in chosen]]


def nonnegative_least_squares(columns, target):
    """Lawson and Hanson 1974: the x >= 0 that brings columns @ x nearest to the target."""
    x, passive = np.zeros(columns.shape[1]), np.zeros(columns.shape[1], bool)
    scale = np.linalg.norm(columns, axis=0)
    scale[scale == 0] = 1
    tolerance = 1e-9 * np.abs(columns.T @ target / scale).max()
    for _ in range(10 * len(x)):
        gain = columns.T @ (target - columns @ x) / scale
        gain[passive] = -np.inf
        if gain.max() <= tolerance:
            return x
        passive[np.argmax(gain)] = True
        while True:
            solution = np.zeros(len(x))
            solution[passive] = np.linalg.lstsq(columns[:, passive], target, rcond=None)[0]
            below = passive & (solution <= 0)
            if not below.any():
                break
            x += (x[below] / (x[below] - solution[below])).min() * (solution - x)
            passive &= x > 1e-14 * x.max()
            x[~passive] = 0
        x = solution
    raise ArithmeticError("no end")


def alignment(a, b):
    """Mean |cosine| of row i of a and row j of b over i != j and all draws, where both have a direction. (draw, row, feature)"""
    products, lengths = np.abs(a @ b.transpose(0, 2, 1)), np.linalg.norm(a, axis=2)[:, :, None] * np.linalg.norm(b, axis=2)[:, None]
    counted = (lengths > 0) & ~np.eye(a.shape[1], dtype=bool)
    return (products[counted] / lengths[counted]).mean()


def glue(points, sizes, directions, dichotomies):
    """Chou et al. 2025, algorithm 2. points (point, feature), manifold after manifold; draws t (draw, feature) and y (draw, manifold)."""
    of = np.repeat(np.arange(len(sizes)), sizes)
    anchors = np.zeros((len(directions), len(sizes), points.shape[1]))
    norms, separable = np.zeros(len(directions)), np.zeros(len(directions), bool)
    for i, (t, y) in enumerate(zip(directions, dichotomies)):
        columns = (points * y[of, None]).T
        weights = nonnegative_least_squares(columns, t)
        norms[i] = ((columns @ weights) ** 2).sum()
        separable[i] = np.abs(columns.T @ (t - columns @ weights)).max() > 1e-6 * np.abs(columns.T @ t).max()
        for k in range(len(sizes)):
            if weights[of == k].sum() > 0:
                anchors[i, k] = weights[of == k] @ points[of == k] / weights[of == k].sum()
    found = {"critical_dimension": norms.mean(), "capacity": len(sizes) / norms.mean(), "separable": separable.mean()}
    if separable.mean() < 0.2:
        return found

    def form(rows, gram, t):
        """The pseudoinverse in a scale in which the diagonal is 1."""
        scale = np.sqrt(np.diag(gram))
        there = scale > 1e-12 * np.abs(anchors).max()
        gram, along = gram[np.ix_(there, there)] / np.outer(scale[there], scale[there]), (rows @ t)[there] / scale[there]
        return along @ np.linalg.pinv(gram, rcond=1e-12, hermitian=True) @ along

    anchors, directions, dichotomies = anchors[separable], directions[separable], dichotomies[separable]
    centres = anchors.mean(0)
    b, c = [], []
    for anchor, t, y in zip(anchors, directions, dichotomies):
        axes, around = (anchor - centres) * y[:, None], centres * y[:, None]
        b.append(form(axes, axes @ axes.T, t))
        c.append(form(axes, around @ around.T + axes @ axes.T, t))
    a, b, c = norms[separable].mean(), np.mean(b), np.mean(c)  # a: of the projection, which is that on the span of the anchors
    return {**found, "dimension": b / len(sizes), "radius": math.sqrt(c / (b - c)), "utility": c / a,
            "centre_alignment": alignment(centres[None], centres[None]), "axis_alignment": alignment(anchors - centres, anchors - centres),
            "centre_axis_alignment": alignment(np.broadcast_to(centres, anchors.shape), anchors - centres)}


def mean_field(points, sizes, removed, directions, along_centre):
    """Chung, Lee and Sompolinsky 2018, equations 16, 17, 28 and 29, after Cohen et al. 2020 with a fixed number of components removed."""
    manifolds = np.split(points, np.cumsum(sizes)[:-1])
    centres = np.array([manifold.mean(0) for manifold in manifolds])
    common = np.linalg.svd(centres - centres.mean(0))[2][:removed]
    found = []
    for manifold in manifolds:
        apart = manifold - points.mean(0)
        apart = apart - apart @ common.T @ common
        length = np.linalg.norm(apart.mean(0))
        s, t = (apart - apart.mean(0)) / length, directions
        _, sigma, rows = np.linalg.svd(s, full_matrices=False)
        basis = rows[sigma > 1e-6 * max(sigma[0], 1)].T  # of a point nothing is left
        s, t = s @ basis, t @ basis
        extended, t0 = np.column_stack([s, np.ones(len(s))]), np.column_stack([t, along_centre])
        support = []
        for one in t0:
            weights = nonnegative_least_squares(extended.T, one)
            support.append(weights @ extended / weights.sum() if weights.sum() > 0 else extended[np.argmax(extended @ one)])
        support = np.array(support)
        inverse = np.mean(np.maximum((support * t0).sum(1), 0) ** 2 / (support ** 2).sum(1))
        radius = np.sqrt((np.var(support[:, :-1], axis=0)).sum())
        lengths = np.linalg.norm(t, axis=1) * np.linalg.norm(support[:, :-1], axis=1)
        cosine = np.divide((t * support[:, :-1]).sum(1), lengths, out=np.zeros(len(t)), where=lengths > 0)
        found.append((inverse, radius, t.shape[1] * cosine.mean() ** 2))
    inverse, radius, dimension = np.mean(found, 0)
    return {"mean_field_capacity": 1 / inverse, "mean_field_radius": radius, "mean_field_dimension": dimension}


def kernel_cosine(a, b):
    return (a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b)


def label_alignment(kernel, labels):
    centre = np.eye(len(labels)) - 1 / len(labels)
    return kernel_cosine(centre @ kernel @ centre, centre @ (labels[:, None] == labels) @ centre)


def linear_cka(x, y):
    """Kornblith et al. 2019, equation 5 with linear kernels."""
    x, y = x - x.mean(0), y - y.mean(0)
    return np.linalg.norm(y.T @ x) ** 2 / np.linalg.norm(x.T @ x) / np.linalg.norm(y.T @ y)


def output_directions(classes, most, seed):
    if classes <= most:
        return np.eye(classes)
    return np.linalg.qr(Stream(seed, "kernel.outputs").normals(classes, most))[0].T * math.sqrt(classes / most)


def commutator_defect(weights, gradient_a, gradient_b, rate=1e-3):
    """Of two losses whose gradients are functions of the weights (by name)."""
    moved = lambda gradient: {name: tensor - rate * gradient[name] for name, tensor in weights.items()}
    flat = lambda tensors: np.concatenate([tensors[name].ravel() for name in weights])
    a, b = gradient_a(weights), gradient_b(weights)
    there, back = flat(moved(a)) - rate * flat(gradient_b(moved(a))), flat(moved(b)) - rate * flat(gradient_a(moved(b)))
    return np.linalg.norm(there - back) / (rate * np.linalg.norm(flat(a)) * rate * np.linalg.norm(flat(b)))


def mlp_gradient(weights, inputs, targets, kind):
    """Of the mean loss of a network of two hidden layers (ReLU), by name."""
    before, after = [], [inputs]
    for name in ("hidden.1", "hidden.2", "output"):
        before.append(after[-1] @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])
        after.append(np.maximum(before[-1], 0))
    answers, wanted = before[-1], np.eye(len(before[-1][0]))[targets]
    if kind == "mse":
        d = 2 * (answers - wanted) / wanted.size
    else:
        share = np.exp(answers - answers.max(1, keepdims=True))
        d = (share / share.sum(1, keepdims=True) - wanted) / len(wanted)
    gradient = {}
    for layer, name in ((2, "output"), (1, "hidden.2"), (0, "hidden.1")):
        gradient[f"{name}.weight"], gradient[f"{name}.bias"] = d.T @ after[layer], d.sum(0)
        if layer:
            d = (d @ weights[f"{name}.weight"]) * (before[layer - 1] > 0)
    return gradient


def mlp_tangent_kernel(weights, inputs, outputs, tokens=None):
    """Gradients of u·f of a ReLU MLP, example by example, parameter by parameter, and their inner products, summed over the rows u of
    `outputs`. `inputs` (example, feature); with `tokens` (example, 2) they are rows of embed.weight, which is a parameter, too."""
    depth = sum(name.startswith("hidden.") and name.endswith(".weight") for name in weights)
    names = [f"hidden.{layer}" for layer in range(1, depth + 1)] + ["output"]
    kernel = 0
    for u in outputs:
        gradients = []
        for i, x in enumerate(inputs):
            read = [x]
            for name in names[:-1]:
                read.append(np.maximum(weights[name + ".weight"] @ read[-1] + weights.get(name + ".bias", 0), 0))
            derivative, parts = u, []
            for name, value in zip(reversed(names), reversed(read)):
                parts += [np.outer(derivative, value).ravel()] + ([derivative] if name + ".bias" in weights else [])
                derivative = derivative @ weights[name + ".weight"] * (value > 0 if value is not x else 1)
            if tokens is not None:
                table = np.zeros_like(weights["embed.weight"])
                np.add.at(table, tokens[i], derivative.reshape(2, -1))
                parts.append(table.ravel())
            gradients.append(np.concatenate(parts))
        gradients = np.array(gradients)
        kernel = kernel + gradients @ gradients.T
    return kernel
