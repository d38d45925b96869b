// Light and dark: the colours of the page, and of the figures in it.
//
// SPDX-FileCopyrightText: 2026 The moonsweep authors
// SPDX-License-Identifier: MIT
"use strict";

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
let isPrinting = false;

function isDark() {
  const wanted = document.getElementById("theme").value;
  return !isPrinting && (wanted === "dark" || (wanted === "auto" && systemIsDark.matches));
}

// Colours the page. `redraw` draws the figures again, in the new colours and in the width of the paper or window.
function connectTheme(redraw) {
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    document.documentElement.classList.toggle("dark", isDark()); // for DataTables
    redraw();
  };
  document.getElementById("theme").addEventListener("change", apply);
  systemIsDark.addEventListener("change", apply);
  for (const [event, value] of [["beforeprint", true], ["afterprint", false]]) {
    window.addEventListener(event, () => {
      isPrinting = value;
      apply();
    });
  }
  apply();
}

function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
