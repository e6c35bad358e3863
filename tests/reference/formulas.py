"""What the probes measure, a second time: from the papers and docs/probes.md, in NumPy, and not from the program. Float64."""
import math

import numpy as np


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
