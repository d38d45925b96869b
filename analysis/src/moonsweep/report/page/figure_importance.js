// Which axis matters: the shares of the variance of the dev accuracy.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

function drawImportance() {
  const element = document.getElementById("importance");
  const { shares, reason } = report.importance;
  if (!shares) return drawNothing(element, reason);
  const rising = [...shares].reverse();
  const bars = (key, name, color) => ({
    type: "bar", orientation: "h", name, marker: { color }, y: rising.map((share) => AXIS_NAMES[share.axis]),
    x: rising.map((share) => 100 * share[key]), text: rising.map((share) => `${(100 * share[key]).toFixed(1)} %`),
    textposition: "outside", cliponaxis: false, hovertemplate: `%{y}, ${name}: %{x:.1f} %<extra></extra>`,
  });
  draw(element, [bars("total", "with its interactions", "#56B4E9"), bars("alone", "the axis alone", "#0072B2")], {
    height: 120 + 55 * shares.length, barmode: "group", showlegend: true, margin: { l: 110, r: 60, t: 40, b: 50 },
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, traceorder: "reversed" },
    xaxis: axisStyle("share of the variance of the dev accuracy / %", { rangemode: "tozero" }), yaxis: axisStyle(""),
  });
  note("importance", [
    "The share of an axis alone is the variance of the means over all others; with its interactions it is what is lost" +
      " if the axis is averaged out. Both are exact, since every combination was trained.",
    report.counts.diverged > 0 && "Diverged configurations count with the accuracy of their last finite parameters.",
  ]);
}
