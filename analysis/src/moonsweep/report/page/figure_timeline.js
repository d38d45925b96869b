// The timeline: what each rank trained when, in each run. Gaps are idle time.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const RUN_COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];

function drawTimeline() {
  const element = document.getElementById("timeline");
  const timeline = report.history.timeline;
  if (!timeline) return drawNothing(element, "The file does not contain what the ranks did.");
  const bar = Object.fromEntries(Object.entries(timeline.bars).map(([name, stored]) => [name, decode(stored)]));
  const places = Array.from(bar.run.keys());
  const lines = places.map((i) => `run ${bar.run[i]}, rank ${bar.rank[i]}`);
  const trained = (i) => bar.count[i] === 0 ? "helped other ranks"
    : bar.first[i] < 0 ? `${bar.count[i]} trajectories in several leases`
    : `trajectories ${bar.first[i]} to ${bar.first[i] + bar.count[i] - 1}`;
  draw(element, [{
    type: "bar", orientation: "h", y: lines, base: Array.from(bar.from), x: places.map((i) => bar.to[i] - bar.from[i]),
    marker: {
      color: places.map((i) => RUN_COLOURS[bar.run[i] % RUN_COLOURS.length]),
      line: { color: cssColour("--page"), width: places.length <= 500 ? 0.5 : 0 },
    },
    hoverinfo: "text", textposition: "none",
    text: places.map((i) => `${lines[i]}<br>${trained(i)}<br>` +
      `${bar.from[i].toFixed(1)} s to ${bar.to[i].toFixed(1)} s${bar.is_finished[i] ? "" : "<br>not finished"}`),
  }], {
    height: 130 + 24 * timeline.lines_shown, bargap: 0.15, margin: { l: 110, r: 20, t: 20, b: 50 },
    xaxis: axisStyle("time since the run started / s", { rangemode: "tozero" }),
    yaxis: axisStyle("", { autorange: "reversed", type: "category", dtick: 1 }),
  });
  note("timeline", [
    "A bar is a lease, trajectories that a rank trained together, or helped others to train; gaps are time without training.",
    timeline.lines_shown < timeline.lines && `${timeline.lines_shown} of ${timeline.lines} ranks are drawn.`,
    timeline.bars_shown < timeline.leases &&
      `${count(timeline.leases, "lease")} are drawn as ${count(timeline.bars_shown, "bar")}: neighbours are joined.`,
  ]);
}
