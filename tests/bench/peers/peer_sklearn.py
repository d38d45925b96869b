"""scikit-learn's MLPClassifier with equivalent settings: the whole set as one batch, plain gradient descent, no
penalty, no early stopping."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import warnings

import numpy as np
import sklearn
from peer import serve
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

ACTIVATIONS = {"tanh": "tanh", "sigmoid": "logistic", "relu": "relu"}


def prepare(case):
    (rate,) = case.rates
    n_h, m = len(case.W1), case.X.shape[1]
    X, y = np.ascontiguousarray(case.X.T), case.Y.ravel().astype(int)
    classifier = MLPClassifier(
        hidden_layer_sizes=(n_h,),
        activation=ACTIVATIONS[case.activation],
        solver="sgd",
        alpha=0,
        batch_size=m,
        learning_rate="constant",
        learning_rate_init=rate,
        momentum=0,
        nesterovs_momentum=False,
        shuffle=False,
        tol=0,
        n_iter_no_change=np.inf,
        warm_start=True,
        max_iter=1,
    )
    classifier.fit(X, y)  # creates the weights, which a warm start uses
    classifier.set_params(max_iter=case.iterations)

    def run():
        classifier.coefs_ = [case.W1.T.copy(), case.W2.T.copy()]
        classifier.intercepts_ = [np.zeros(n_h), np.zeros(1)]
        classifier.fit(X, y)
        return classifier.loss_curve_[-1:]

    return run


def main():
    # As the user guide recommends for speed: the data is known to be finite.
    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    warnings.simplefilter("ignore", ConvergenceWarning)  # reaching max_iter is intended
    serve(f"scikit-learn {sklearn.__version__}", prepare)


if __name__ == "__main__":
    main()
