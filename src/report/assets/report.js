// Filters the verbatims by words and by theme. The page reads whole without it; the controls are shown only where it runs.
(() => {
  const section = document.getElementById("verbatims");
  const box = section && section.querySelector(".filter");
  if (!box) return;
  const words = box.querySelector("input");
  const theme = box.querySelector("select");
  const told = box.querySelector("output");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’]/g, "'").toLowerCase();
  const all = Array.from(section.querySelectorAll(".verbatim"), (element) => ({
    element,
    text: fold(element.textContent),
    themes: element.dataset.themes.split(" "),
  }));
  const filter = () => {
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of all) {
      const fits = (!theme.value || one.themes.includes(theme.value)) && wanted.every((word) => one.text.includes(word));
      one.element.hidden = !fits;
      shown += fits;
    }
    told.textContent = told.dataset.told.replace("%n", shown).replace("%all", all.length);
  };
  words.addEventListener("input", filter);
  theme.addEventListener("change", filter);
  for (const link of document.querySelectorAll("a[data-theme]")) {
    link.addEventListener("click", () => {
      words.value = "";
      theme.value = link.dataset.theme;
      filter();
    });
  }
  box.hidden = false;
  filter();
})();
