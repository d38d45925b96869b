"""JAX: one compiled lax.scan over the iterations.

    python peer_jax.py DATA.csv [--hand-derived] [--vmap]

The gradients are those of value_and_grad, or derived by hand; --vmap trains all learning rates of a request at once.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
from functools import partial

import jax
import jax.numpy as jnp
from peer import serve

# g, and its derivative as a function of g's value
ACTIVATIONS = {
    "tanh": (jnp.tanh, lambda A1: 1 - A1 * A1),
    "sigmoid": (jax.nn.sigmoid, lambda A1: A1 * (1 - A1)),
    "relu": (jax.nn.relu, lambda A1: A1 > 0),
}


def cost(activation, X, Y, parameters):
    W1, b1, W2, b2 = parameters
    A1 = ACTIVATIONS[activation][0](W1 @ X + b1)
    A2 = jax.nn.sigmoid(W2 @ A1 + b2)
    # As in the article; log_sigmoid, which is accurate in saturation, takes twice as long here.
    return -jnp.mean(Y * jnp.log(A2) + (1 - Y) * jnp.log(1 - A2))


def cost_and_gradients(activation, X, Y, parameters):
    """The same as value_and_grad(cost), derived by hand."""
    g, slope = ACTIVATIONS[activation]
    W1, b1, W2, b2 = parameters
    m = X.shape[1]
    A1 = g(W1 @ X + b1)
    A2 = jax.nn.sigmoid(W2 @ A1 + b2)
    dZ2 = (A2 - Y) / m
    dZ1 = W2.T @ dZ2 * slope(A1)
    gradients = (
        dZ1 @ X.T,
        dZ1.sum(axis=1, keepdims=True),
        dZ2 @ A1.T,
        dZ2.sum(axis=1, keepdims=True),
    )
    return -jnp.log(jnp.where(Y > 0, A2, 1 - A2)).mean(), gradients


def train(gradients_of, iterations, X, Y, start, rate):
    """Costs [iterations] and parameters."""

    def step(parameters, _):
        value, gradients = gradients_of(X, Y, parameters)
        return jax.tree.map(lambda p, d: p - rate * d, parameters, gradients), value

    parameters, costs = jax.lax.scan(step, start, length=iterations)
    return costs, parameters


def prepare(options, case):
    if options.hand_derived:
        gradients_of = partial(cost_and_gradients, case.activation)
    else:
        gradients_of = jax.value_and_grad(partial(cost, case.activation), argnums=2)
    program = partial(train, gradients_of, case.iterations)
    rates = jnp.array(case.rates)
    if options.vmap:
        program = jax.vmap(program, in_axes=(None, None, None, 0))
    else:
        (rates,) = rates
    n_h = len(case.W1)
    start = (jnp.array(case.W1), jnp.zeros((n_h, 1)), jnp.array(case.W2), jnp.zeros((1, 1)))
    arguments = (jnp.array(case.X), jnp.array(case.Y), start, rates)
    compiled = jax.jit(program).lower(*arguments).compile()

    def run():
        costs, _ = jax.block_until_ready(compiled(*arguments))
        return costs[..., -1].ravel()

    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--hand-derived", action="store_true")
    parser.add_argument("--vmap", action="store_true")
    options = parser.parse_args()
    jax.config.update("jax_enable_x64", True)
    serve(f"JAX {jax.__version__}", partial(prepare, options))


if __name__ == "__main__":
    main()
