// What does not hold on the page as it is laid out now, each in words; an empty list is good.
const faults = [], wide = document.documentElement;
const shown = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
const rgb = c => (c.match(/[\d.]+/g) || []).map(Number);
const lum = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
const under = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let n = walk.nextNode(); n; n = walk.nextNode()) {
  const e = n.parentElement; if (!n.data.trim() || !shown(e) || e.closest('.skip')) continue;
  const s = getComputedStyle(e), px = parseFloat(s.fontSize), big = px >= 24 || (px >= 18.66 && +s.fontWeight >= 700);
  const r = ratio(rgb(s.color), under(e));
  if (r < (big ? 3 : 4.5)) faults.push(`contrast ${r.toFixed(2)} of "${n.data.trim().slice(0, 30)}"`);
  if (px < 14) faults.push(`small words: ${px}px`);
}
for (const e of document.querySelectorAll('input, select')) {
  const s = getComputedStyle(e), r = ratio(rgb(s.borderTopColor), under(e.parentElement));
  if (r < 3) faults.push(`line round ${e.id}: ${r.toFixed(2)}`);
  if (!e.labels.length || !e.labels[0].innerText.trim()) faults.push(`${e.id} has no label`);
}
let last = 0;
for (const h of document.querySelectorAll('h1, h2, h3, h4')) { const l = +h.tagName[1]; if (l > last + 1) faults.push(`heading ${l} after ${last}: ${h.innerText}`); last = l; }
for (const t of ['h1', 'main', 'header', 'footer']) if (document.querySelectorAll(t).length !== 1) faults.push(`${t}: not one`);
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
for (const e of document.querySelectorAll('[aria-labelledby]')) if (!document.getElementById(e.getAttribute('aria-labelledby'))) faults.push('named by nothing');
for (const e of document.querySelectorAll('a, button, input, select')) {
  if (!shown(e) || e.closest('.skip') || e.matches('.skip')) continue;
  const b = e.getBoundingClientRect(); if (b.height < 24 || b.width < 24) faults.push(`small target "${e.innerText || e.id}" ${b.width}x${b.height}`);
}
if (wide.scrollWidth > wide.clientWidth) faults.push(`sideways: ${wide.scrollWidth} in ${wide.clientWidth}`);
for (const e of document.querySelectorAll('main *')) if (shown(e) && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.tagName !== 'SELECT' && e.tagName !== 'INPUT') faults.push(`${e.tagName} runs over`);
if (!document.title || !wide.lang) faults.push('no title or language');
return faults;
