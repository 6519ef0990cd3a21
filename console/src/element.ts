/** The page's elements by id; a missing one is a mistake in index.html, found on the first load. */
export const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element #${id}`);
  return found;
};

/** Sets a text only when it changes, so that nothing is announced or laid out without need. */
export const setText = (id: string, text: string): void => {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
};
