// The networks of the report: their parameters, and the probability that they predict.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const parametersOf = readNetworks();

function readNetworks() {
  const stored = report.details.networks;
  const parameters = decode(stored.parameters);
  const n_x = report.features.length;
  const networks = new Map();
  let start = 0;
  for (const config of decode(stored.configs)) {
    const row = rowOfConfig.get(config);
    const n_h = columns.n_h[row];
    const take = (size) => parameters.subarray(start, (start += size));
    const network = { n_x, n_h, activation: columns.activation[row] };
    network.W1 = take(n_h * n_x);
    network.b1 = take(n_h);
    network.W2 = take(n_h);
    network.b2 = take(1)[0];
    networks.set(config, network);
  }
  return networks;
}

function sigmoid(z) {
  return 0.5 * (1 + Math.tanh(0.5 * z)); // never overflows
}

const ACTIVATIONS = { tanh: Math.tanh, sigmoid, relu: (z) => (z > 0 ? z : z === z ? 0 : z) };

// The probability of label 1 for the sample that begins at X[start]. It is NaN where the network overflows.
function probability(network, X, start) {
  const { n_x, n_h, W1, b1, W2, b2 } = network;
  const activate = ACTIVATIONS[network.activation];
  let Z2 = b2;
  for (let unit = 0; unit < n_h; unit++) {
    let Z1 = b1[unit];
    for (let feature = 0; feature < n_x; feature++) Z1 += W1[unit * n_x + feature] * X[start + feature];
    Z2 += W2[unit] * activate(Z1);
  }
  return sigmoid(Z2);
}

// The probability on a grid around the samples, of `size` points along each of the two features.
function probabilityGrid(network, ranges, size) {
  const [across, up] = ranges.map(([low, high]) =>
    Array.from({ length: size }, (_, i) => low + ((high - low) * i) / (size - 1)),
  );
  const z = up.map((y) => across.map((x) => probability(network, [x, y], 0)));
  return { x: across, y: up, z };
}
