/* Counts the words of a text box against a guide, quietly: a guide is no limit. */

for (const guide of document.querySelectorAll("[data-word-guide]")) {
  const box = document.getElementById(guide.dataset.wordGuide);
  const show = () => {
    const words = (box.value.match(/[\S\ufeff]+/gu) || []).length;
    guide.textContent = words === 1 ? "1 word so far" : `${words} words so far`;
  };
  box.addEventListener("input", show);
  show();
}
