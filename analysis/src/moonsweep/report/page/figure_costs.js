// The cost curves of the chosen configurations.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const DASHES = ["solid", "dash", "dot", "dashdot"];
const curveOfTrajectory = new Map(report.details.curves.map((curve) => [curve.trajectory, curve]));

// The part of its trajectory's curve that belongs to a configuration, up to the costs that are stored.
function curveOf(row) {
  const stored = curveOfTrajectory.get(columns.trajectory[row]);
  if (!stored) return { updates: [], costs: [] };
  const updates = decode(stored.updates), costs = decode(stored.costs);
  const isFinal = columns.status[row] !== "pending";
  const most = isFinal ? columns.iterations_done[row] : columns.iterations[row];
  const size = updates.findIndex((update) => update > most);
  const end = size < 0 ? updates.length : size;
  const curve = { updates: Array.from(updates.subarray(0, end)), costs: Array.from(costs.subarray(0, end)) };
  if (end > 0 && isFinal && curve.updates[end - 1] < most && !Number.isNaN(columns.final_cost[row])) {
    curve.updates.push(most); // its last cost is known exactly
    curve.costs.push(columns.final_cost[row]);
  }
  return curve;
}

function drawCosts(rows) {
  const element = document.getElementById("chosen-costs");
  const curves = rows.map((row, place) => ({ row, place, ...curveOf(row) })).filter((curve) => curve.costs.length > 0);
  const stored = report.details.cost_stride;
  if (rows.length === 0) return drawNothing(element, "No configuration is chosen.");
  if (stored === 0) {
    return drawNothing(element, "The sweep stores no costs of updates, only the last cost of each configuration.");
  }
  if (curves.length === 0) return drawNothing(element, "The report has no costs of these configurations.");
  draw(element, curves.map(({ row, place, updates, costs }) => ({
    type: "scatter", mode: "lines", x: updates, y: costs, name: escapeHtml(`${columns.config[row]}: ${describe(row)}`),
    line: { color: report.colours[columns.activation[row]], dash: DASHES[place % DASHES.length], width: 2 },
    hovertemplate: `${columns.config[row]}, update %{x}: cost %{y:.6g}<extra></extra>`,
  })), {
    height: 360, showlegend: true, margin: { l: 60, r: 40, t: 30, b: 50 },
    xaxis: axisStyle(stored > 1 ? `update (costs are stored every ${stored} updates)` : "update", {
      type: "log", exponentformat: "none", separatethousands: true,
    }),
    yaxis: axisStyle("cost (cross-entropy)", { type: "log", exponentformat: "power" }),
  });
}
