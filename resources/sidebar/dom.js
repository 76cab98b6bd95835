// Small means to draw with. Rows are kept and changed in place: who is at a button with the keyboard stays there.

/** An element with classes and children; a text is set as text, never as HTML. */
export function element(tag, className = '', ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** Sets a text only where it is another one: assistive technology reads each change. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function button(text, onPress) {
  const made = element('button', 'ripe-button', text);
  made.type = 'button';
  made.addEventListener('click', async () => {
    made.disabled = true;
    try {
      await onPress();
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

/**
 * Brings a list to what `items` says: one row for each key, in their order. `create` makes a row and returns it with
 * the function that draws an item in it.
 */
export function drawList(list, items, keyOf, create) {
  list.ripeRows ??= new Map();
  const rows = list.ripeRows;
  const keys = new Set(items.map(keyOf));
  for (const [key, { row }] of rows) {
    if (keys.has(key)) continue;
    row.remove();
    rows.delete(key);
  }
  items.forEach((item, place) => {
    const key = keyOf(item);
    const known = rows.get(key) ?? create(item);
    rows.set(key, known);
    if (list.children[place] !== known.row) list.insertBefore(known.row, list.children[place] ?? null);
    known.draw(item);
  });
}

/** A section that can be folded, with a count and a list. */
export function section(title, tools = []) {
  const count = element('span', 'ripe-count');
  const list = element('ul', 'ripe-list');
  const empty = element('div', 'ripe-quiet');
  const root = element('details', 'ripe-section', element('summary', '', element('span', '', title), count));
  empty.style.padding = '0 8px 6px 24px';
  root.append(empty, list, ...tools);
  root.open = true;
  return {
    root,
    list,
    /** `none`: what to say where there is nothing. */
    show(text, none) {
      setText(count, text);
      setText(empty, none);
      empty.hidden = none === '';
    },
  };
}
