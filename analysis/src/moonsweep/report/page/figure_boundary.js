// The decision boundary of a network, with the samples of its data set.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const GRID_SIZE = 121; // points along each feature
const MARGIN = 0.06; // around the samples, as a share of their range
const PROBABILITY = [[0, "#7fb8d8"], [0.5, "#ffffff"], [1, "#eaae80"]]; // as in the figures of the package

const samplesOfDataset = report.samples.map((parts) => {
  const read = (part) => ({ X: decode(part.X), y: decode(part.y), count: part.count });
  return { train: read(parts.train), dev: read(parts.dev), isStandardized: parts.is_standardized };
});

// The smallest and the largest value of each of two features, with a margin.
function rangesOf(samples) {
  return [0, 1].map((feature) => {
    let low = Infinity, high = -Infinity;
    for (const { X } of [samples.train, samples.dev]) {
      for (let i = feature; i < X.length; i += 2) {
        low = Math.min(low, X[i]);
        high = Math.max(high, X[i]);
      }
    }
    const margin = MARGIN * (high > low ? high - low : 1);
    return [low - margin, high + margin];
  });
}

// Why there is no boundary of a configuration, or null.
function whyNoBoundary(row) {
  const config = columns.config[row];
  if (columns.status[row] === "pending") return "It is pending, and has no parameters yet.";
  if (columns.status[row] === "dropped") return "It was dropped by successive halving, and has no parameters.";
  if (report.features.length !== 2) return `A boundary needs two features; these data have ${report.features.length}.`;
  if (!parametersOf.has(config)) return "Its parameters are not in this report, which has those of the best only.";
  return null;
}

function drawBoundary(element, row) {
  const network = parametersOf.get(columns.config[row]);
  const samples = samplesOfDataset[columns.dataset[row]];
  const grid = probabilityGrid(network, rangesOf(samples), GRID_SIZE);
  const shades = {
    type: "heatmap", ...grid, zsmooth: "best", colorscale: PROBABILITY, zmin: 0, zmax: 1, hoverinfo: "skip",
    colorbar: { thickness: 10, title: { text: `P(${escapeHtml(report.labels[1])})`, side: "right" }, tickvals: [0, 0.5, 1] },
  };
  const line = {
    type: "contour", ...grid, showlegend: false, showscale: false, hoverinfo: "skip", line: { color: "#222222", width: 2 },
    contours: { coloring: "none", start: 0.5, end: 0.5, size: 1 },
  };
  const suffix = samples.isStandardized ? " (standardized)" : "";
  draw(element, [shades, line, ...["train", "dev"].flatMap((part) => samplePoints(samples[part], part, network))], {
    height: 340, margin: { l: 50, r: 10, t: 40, b: 50 }, showlegend: true,
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: 11 } },
    xaxis: axisStyle(escapeHtml(report.features[0]) + suffix, { zeroline: false, showgrid: false }),
    yaxis: axisStyle(escapeHtml(report.features[1]) + suffix, { zeroline: false, showgrid: false }),
  });
}

// Two groups of points: those of the training set are small; what is predicted wrong has a dark edge.
function samplePoints({ X, y }, part, network) {
  return [0, 1].map((label) => {
    const chosen = Array.from(y.keys()).filter((i) => y[i] === label);
    const isWrong = chosen.map((i) => {
      const p = probability(network, X, 2 * i);
      return label === 1 ? !(p > 0.5) : !(p <= 0.5);
    });
    return {
      type: "scatter", mode: "markers", x: chosen.map((i) => X[2 * i]), y: chosen.map((i) => X[2 * i + 1]),
      name: escapeHtml(report.labels[label]), showlegend: part === "train", legendgroup: `label ${label}`,
      marker: {
        color: report.label_colours[label], symbol: label === 0 ? "circle" : "square", size: part === "train" ? 4 : 6,
        opacity: 0.8, line: { color: "#111111", width: isWrong.map((wrong) => (wrong ? 1.3 : 0)) },
      },
      hovertemplate: `${part}, %{x:.4g}, %{y:.4g}<extra></extra>`,
    };
  });
}
