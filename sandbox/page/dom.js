// The few steps from values to elements. Text always goes in as text.

const svgSpace = 'http://www.w3.org/2000/svg';

/** Makes an element. `props` are attributes; `on…` are listeners. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function icon(name) {
  const made = document.createElementNS(svgSpace, 'svg');
  made.setAttribute('class', `icon icon-${name}`);
  made.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svgSpace, 'use');
  use.setAttribute('href', `#i-${name}`);
  made.append(use);
  return made;
}

/** Replaces the text only if it is another one: readers announce changes. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of `container` those of `items`, in order. Elements stay
 * where their key stays, so that focus and selection live on.
 */
export function sync(container, items, keyOf, make, update) {
  const old = new Map();
  for (const child of container.children) old.set(child.dataset.key, child);
  let at = container.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = old.get(key);
    old.delete(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === at) at = at.nextElementSibling;
    else container.insertBefore(child, at);
  }
  for (const child of old.values()) child.remove();
}

/** A refusal of the sandbox, in words a person can use. */
export class Refusal extends Error {}

/** Asks the sandbox; its JSON, or a Refusal. */
export async function ask(method, path, body, signal) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      signal,
      headers: body ? {'Content-Type': 'application/json'} : {},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal('The sandbox does not answer. Is it still running?');
  }
  if (answer.status === 204) return null;
  let came;
  try {
    came = await answer.json();
  } catch {
    throw new Refusal(`The sandbox answered ${answer.status}.`);
  }
  if (!answer.ok)
    throw new Refusal(came.detail || came.title
                      || `The sandbox answered ${answer.status}.`);
  return came;
}

export function timeOf(text) {
  const time = new Date(text);
  return Number.isNaN(time.getTime())
    ? ''
    : time.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
}

/** “14:32”, “3 h 05 min”, “29 days”; nothing for a moment that is past. */
export function leftUntil(text) {
  const left = Math.floor((new Date(text).getTime() - Date.now()) / 1000);
  if (!(left > 0)) return '';
  const two = (n) => String(n).padStart(2, '0');
  if (left < 3600) return `${Math.floor(left / 60)}:${two(left % 60)}`;
  if (left < 48 * 3600)
    return `${Math.floor(left / 3600)} h ${two(Math.floor(left / 60) % 60)} min`;
  return `${Math.floor(left / 86400)} days`;
}

export function initialOf(name) {
  return ([...(name || '?')][0] || '?').toUpperCase();
}
