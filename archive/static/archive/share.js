// Copies a permanent address or a citation. Where the clipboard is closed (plain http), the text is selected instead.

const legacyCopy = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return document.execCommand?.("copy") ?? false;
};

const offerCopies = (root) => {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = button.parentElement.querySelector(".share-text");
      const told = button.closest(".share-body").querySelector(".share-told");
      let copied;
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        copied = true;
      } catch {
        copied = legacyCopy(source);
      }
      told.textContent = copied ? told.dataset.told : told.dataset.failed;
    });
  }
};

offerCopies(document);
document.addEventListener("museum:turned", (event) => offerCopies(event.target));
