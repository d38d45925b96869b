"""FANN's batch training in float64: all iterations are one call into its C library.

It trains something different: its cost is the mean squared error, and instead of relu it has a linear function clipped
to 0 and 1, the most similar one that it offers. So its costs are not compared.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes
from ctypes import POINTER, Structure, c_double, c_float, c_int, c_uint, c_void_p

from peer import serve

# From fann_data.h: activation functions, with the steepness that makes them equal to ours, an algorithm, and an error
# function.
SIGMOID, SIGMOID_SYMMETRIC, LINEAR_PIECE = 3, 5, 12
ACTIVATIONS = {"tanh": (SIGMOID_SYMMETRIC, 1.0), "sigmoid": (SIGMOID, 0.5), "relu": (LINEAR_PIECE, 1.0)}
TRAIN_BATCH = 1
ERRORFUNC_LINEAR = 0


class Connection(Structure):
    """struct fann_connection of doublefann.h."""

    _fields_ = [("from_neuron", c_uint), ("to_neuron", c_uint), ("weight", c_double)]


FILL = ctypes.CFUNCTYPE(None, c_uint, c_uint, c_uint, POINTER(c_double), POINTER(c_double))

# name: result type, argument types
FUNCTIONS = {
    "fann_create_standard_array": (c_void_p, [c_uint, POINTER(c_uint)]),
    "fann_create_train_from_callback": (c_void_p, [c_uint, c_uint, c_uint, FILL]),
    "fann_set_training_algorithm": (None, [c_void_p, c_int]),
    "fann_set_train_error_function": (None, [c_void_p, c_int]),
    "fann_set_learning_rate": (None, [c_void_p, c_float]),
    "fann_set_activation_function_hidden": (None, [c_void_p, c_int]),
    "fann_set_activation_steepness_hidden": (None, [c_void_p, c_double]),
    "fann_set_activation_function_output": (None, [c_void_p, c_int]),
    "fann_set_activation_steepness_output": (None, [c_void_p, c_double]),
    "fann_get_total_connections": (c_uint, [c_void_p]),
    "fann_get_connection_array": (None, [c_void_p, POINTER(Connection)]),
    "fann_set_weight_array": (None, [c_void_p, POINTER(Connection), c_uint]),
    "fann_train_on_data": (None, [c_void_p, c_void_p, c_uint, c_uint, c_float]),
    "fann_get_MSE": (c_float, [c_void_p]),
}


def library():
    fann = ctypes.CDLL("libdoublefann.so.2")
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(fann, name)
        function.restype, function.argtypes = result, arguments
    return fann


def make_network(fann, case):
    network = fann.fann_create_standard_array(3, (c_uint * 3)(2, len(case.W1), 1))
    function, steepness = ACTIVATIONS[case.activation]
    fann.fann_set_activation_function_hidden(network, function)
    fann.fann_set_activation_steepness_hidden(network, steepness)
    fann.fann_set_activation_function_output(network, SIGMOID)
    fann.fann_set_activation_steepness_output(network, 0.5)
    fann.fann_set_training_algorithm(network, TRAIN_BATCH)
    fann.fann_set_train_error_function(network, ERRORFUNC_LINEAR)
    fann.fann_set_learning_rate(network, case.rates[0])
    return network


def start_of(fann, network, case):
    """The network's connections with the initial weights. Neurons are numbered layer by layer, and each layer ends with
    one that is always 1: 0 and 1 are the features, 2 is their bias, 3 the first hidden unit."""
    n_h = len(case.W1)
    hidden, output = 3, 3 + n_h + 1
    connections = (Connection * fann.fann_get_total_connections(network))()
    fann.fann_get_connection_array(network, connections)
    for connection in connections:
        source, target = connection.from_neuron, connection.to_neuron
        if source in (hidden - 1, output - 1):
            connection.weight = 0
        elif target == output:
            connection.weight = case.W2[0, source - hidden]
        else:
            connection.weight = case.W1[target - hidden, source]
    return connections


def make_data(fann, case):
    m = case.X.shape[1]

    @FILL
    def fill(row, n_inputs, n_outputs, inputs, outputs):
        inputs[0], inputs[1], outputs[0] = case.X[0, row], case.X[1, row], case.Y[0, row]

    return fann.fann_create_train_from_callback(m, 2, 1, fill)


def prepare(fann, case):
    network, data = make_network(fann, case), make_data(fann, case)
    start = start_of(fann, network, case)

    def run():
        fann.fann_set_weight_array(network, start, len(start))
        fann.fann_train_on_data(network, data, case.iterations, 0, 0.0)
        return [fann.fann_get_MSE(network)]

    return run


def main():
    fann = library()
    serve("FANN 2.2, libdoublefann", lambda case: prepare(fann, case))


if __name__ == "__main__":
    main()
