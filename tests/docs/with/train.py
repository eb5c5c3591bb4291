"""What the README's reader is told to have: a training run."""


def train(lr: float, depth: int) -> float:
    return (lr - 0.01) ** 2 + 0.01 * (depth - 6) ** 2
