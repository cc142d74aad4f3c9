"use strict";
(() => {
  const tip = document.getElementById("tip");
  const gap = 10;
  const markOf = (event) => (event.target instanceof Element ? event.target.closest(".mark") : null);
  const textOf = (mark) => mark.getAttribute("aria-label");

  function show(marks) {
    tip.textContent = marks.map(textOf).join("\n");
    tip.hidden = false;
    const at = marks[0].getBoundingClientRect();
    const left = Math.min(at.left, window.innerWidth - tip.offsetWidth - gap);
    const above = at.top - tip.offsetHeight - gap;
    tip.style.left = `${window.scrollX + Math.max(gap, left)}px`;
    tip.style.top = `${window.scrollY + (above > 0 ? above : at.bottom + gap)}px`;
  }

  function hide() {
    tip.hidden = true;
  }

  // The browser's own tips, which stand in for these without scripts, would come on top.
  for (const title of document.querySelectorAll(".mark > title")) {
    title.remove();
  }
  // Paper cannot be opened; what was closed on the screen is closed again afterwards.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
  document.addEventListener("pointerover", (event) => {
    // Where curves meet, each point under the pointer tells its value.
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    const marks = under.filter((one) => one.matches(".mark")).reverse();
    if (marks.length) show(marks);
    else hide();
  });
  document.addEventListener("focusin", (event) => {
    const mark = markOf(event);
    if (mark) show([mark]);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    const mark = markOf(event);
    if (event.key === "Escape") hide();
    if (!mark) return;
    const marks = [...mark.parentElement.children];
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const ends = { Home: 0, End: marks.length - 1 };
    let next = ends[event.key];
    if (event.key in steps) next = marks.indexOf(mark) + steps[event.key];
    if (next === undefined || !marks[next]) return;
    event.preventDefault();
    mark.setAttribute("tabindex", "-1");
    marks[next].setAttribute("tabindex", "0");
    marks[next].focus();
  });
})();
