// The flame graph's zoom, search and keys.
// Text of the target is only ever set as text, never as markup.
(() => {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';
  const XHTML = 'http://www.w3.org/1999/xhtml';
  const ROW_HEIGHT = 18;
  const BAR_TOP = 78;
  const BAR_HEIGHT = 40;
  const MARGIN = 12;
  const LABEL_PADDING = 4;
  const FEWEST_CELLS = 3;

  const script = document.currentScript;
  const svg = (script && script.closest('svg')) || document.querySelector('svg.jspy-flame');
  // Inside another page the address and the keys are that page's.
  const alone = document.documentElement === svg;
  const frames = svg.querySelector('.frames');
  const head = svg.querySelector('.head');
  const total = Number(frames.dataset.total);
  const height = Number(svg.getAttribute('height'));

  if (!frames.firstElementChild) {
    return;
  }

  const view = { root: 0, query: '' };
  let current = 0;
  let hits = [];

  // ---- what the file says

  const boxes = Array.from(frames.children, (element, index) => {
    const title = element.querySelector('title');
    const [label, facts, ...details] = title.textContent.split('\n');
    const rect = element.querySelector('rect');
    title.remove();
    return {
      element,
      index,
      rect,
      label,
      facts,
      details,
      text: element.querySelector('text'),
      x: Number(element.dataset.x),
      w: Number(element.dataset.w),
      top: Number(rect.getAttribute('y')),
      narrow: element.classList.contains('narrow'),
      parent: null,
      children: [],
      shown: true,
      hit: false,
    };
  });
  const lastOfRow = [];
  for (const box of boxes) {
    box.row = (box.top - boxes[0].top) / ROW_HEIGHT;
    lastOfRow[box.row] = box;
    if (box.row > 0) {
      box.parent = lastOfRow[box.row - 1];
      box.parent.children.push(box);
    }
  }

  // ---- drawing

  const probe = svg.appendChild(document.createElementNS(SVG, 'text'));
  let cellWidth = 7.3;
  // Of the frames, in pixels.
  let width = 1176;

  function measure() {
    const group = frames.appendChild(document.createElementNS(SVG, 'g'));
    group.setAttribute('class', 'f');
    group.appendChild(probe);
    probe.textContent = 'm'.repeat(64);
    cellWidth = probe.getComputedTextLength() / 64 || 7.3;
    group.remove();
    width = (svg.getBoundingClientRect().width || 1200) - 2 * MARGIN;
    frames.setAttribute('width', Math.max(1, width));
    // Room for tool tips below a small graph.
    svg.setAttribute('height', alone ? Math.max(height, innerHeight - 4) : height);
  }

  function isWide(codePoint) {
    return (
      codePoint >= 0x1100 &&
      (codePoint <= 0x115f ||
        (codePoint >= 0x2e80 && codePoint <= 0xa4cf) ||
        (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
        (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
        (codePoint >= 0xfe30 && codePoint <= 0xfe6f) ||
        (codePoint >= 0xff00 && codePoint <= 0xff60) ||
        (codePoint >= 0x1f300 && codePoint <= 0x1faff) ||
        (codePoint >= 0x20000 && codePoint <= 0x3fffd))
    );
  }

  // As much of a label as fits into so many cells; East Asian characters take two.
  function cut(label, cells) {
    if (cells < FEWEST_CELLS) {
      return '';
    }
    let used = 0;
    let fitting = '';
    for (const character of label) {
      used += isWide(character.codePointAt(0)) ? 2 : 1;
      if (used <= cells - 1) {
        fitting += character;
      }
      if (used > cells) {
        return fitting + '…';
      }
    }
    return label;
  }

  function isAbove(box, root) {
    return box.row < root.row && box.x <= root.x && box.x + box.w >= root.x + root.w;
  }

  function isInside(box, root) {
    return box.row >= root.row && box.x >= root.x && box.x + box.w <= root.x + root.w;
  }

  function place(box, root) {
    const above = isAbove(box, root);
    box.shown = above || isInside(box, root);
    if (!box.shown) {
      box.element.setAttribute('display', 'none');
      return;
    }
    const left = above ? 0 : ((box.x - root.x) / root.w) * 100;
    const share = above ? 100 : (box.w / root.w) * 100;
    box.element.removeAttribute('display');
    box.element.classList.toggle('above', above);
    box.rect.setAttribute('x', left + '%');
    box.rect.setAttribute('width', share + '%');
    const cells = Math.floor(((share / 100) * width - 2 * LABEL_PADDING) / cellWidth);
    const label = cut(box.label, cells);
    if (label && !box.text) {
      box.text = box.element.appendChild(document.createElementNS(SVG, 'text'));
      box.text.setAttribute('y', box.top + 13);
      box.text.setAttribute('dx', LABEL_PADDING);
    }
    if (box.text) {
      box.text.setAttribute('x', left + '%');
      box.text.textContent = label;
    }
  }

  const lines = Array.from(svg.querySelectorAll('.title, .line, .note'), (element) => ({
    element,
    text: element.textContent,
  }));

  function fitLine(line) {
    line.element.textContent = line.text;
    const length = line.element.getComputedTextLength();
    if (length > width && width > 0) {
      const characters = Array.from(line.text);
      const fitting = characters.slice(
        0,
        Math.max(1, Math.floor((characters.length * width) / length) - 2),
      );
      line.element.textContent = fitting.join('') + '…';
      line.element.appendChild(document.createElementNS(SVG, 'title')).textContent = line.text;
    }
  }

  function draw() {
    measure();
    lines.forEach(fitLine);
    boxes.forEach((box) => place(box, boxes[view.root]));
    reset.hidden = view.root === 0;
    hideTip();
  }

  // ---- the bar: search and reset

  function html(name, attributes = {}, text = '') {
    const element = document.createElementNS(XHTML, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.textContent = text;
    return element;
  }

  function foreign(parent, className, attributes) {
    const element = parent.appendChild(document.createElementNS(SVG, 'foreignObject'));
    element.setAttribute('class', className);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  }

  const bar = html('div', { class: 'bar' });
  const field = bar.appendChild(
    html('input', {
      type: 'search',
      placeholder: 'Search: a regular expression',
      'aria-label': 'Search frames by regular expression',
      autocomplete: 'off',
      spellcheck: 'false',
    }),
  );
  const matched = bar.appendChild(html('output', { 'aria-live': 'polite' }));
  const reset = bar.appendChild(html('button', { type: 'button' }, 'Reset zoom'));
  bar.appendChild(
    html(
      'span',
      { class: 'keys' },
      'click or Enter zooms · arrows walk · / searches · n next match · Esc undoes',
    ),
  );
  const barBox = foreign(head, 'controls', { x: 0, y: BAR_TOP, width: '100%', height: BAR_HEIGHT });
  barBox.appendChild(bar);

  function percent(part, whole) {
    return ((100 * part) / whole).toFixed(part === whole ? 0 : 2) + ' %';
  }

  // Upper case in the expression makes it count; \S and the like do not.
  function expression(query) {
    return new RegExp(query, /[A-Z]/.test(query.replace(/\\./g, '')) ? '' : 'i');
  }

  function search() {
    let wanted = null;
    field.removeAttribute('aria-invalid');
    matched.className = '';
    try {
      wanted = view.query ? expression(view.query) : null;
    } catch (error) {
      field.setAttribute('aria-invalid', 'true');
      matched.className = 'wrong';
      matched.textContent = 'not a regular expression (yet)';
    }
    hits = [];
    for (const box of boxes) {
      box.hit =
        wanted !== null &&
        box.index > 0 &&
        !box.narrow &&
        (wanted.test(box.label) || box.details.some((detail) => wanted.test(detail)));
      box.element.classList.toggle('hit', box.hit);
      if (box.hit) {
        hits.push(box);
      }
    }
    frames.classList.toggle('searching', wanted !== null);
    if (wanted !== null) {
      showShare();
    } else if (!view.query) {
      matched.textContent = '';
    }
  }

  // A match inside a match counts once.
  function showShare() {
    const root = boxes[view.root];
    let all = 0;
    let here = 0;
    let end = 0;
    for (const box of hits) {
      if (box.x >= end) {
        end = box.x + box.w;
        all += box.w;
        here += Math.max(0, Math.min(end, root.x + root.w) - Math.max(box.x, root.x));
      }
    }
    matched.textContent =
      hits.length === 0
        ? 'no match'
        : view.root === 0
          ? 'matched ' + percent(all, total)
          : 'matched ' + percent(here, root.w) + ' here, ' + percent(all, total) + ' of all';
  }

  // ---- state, kept in the address so that Back and reload work

  function address() {
    const parts = [];
    if (view.root > 0) {
      parts.push('zoom=' + view.root);
    }
    if (view.query) {
      parts.push('search=' + encodeURIComponent(view.query));
    }
    return parts.length ? '#' + parts.join('&') : location.pathname + location.search;
  }

  function remember(step) {
    if (!alone) {
      return;
    }
    try {
      history[step](null, '', address());
    } catch (refused) {
      // A sandboxed frame has no history; the graph works without.
    }
  }

  function restore() {
    show(location.hash.slice(1));
  }

  // What cannot be understood is as if it were not said.
  function show(state) {
    const said = new URLSearchParams(state);
    const zoom = Number(said.get('zoom') || 0);
    view.root = Number.isInteger(zoom) && zoom > 0 && zoom < boxes.length ? zoom : 0;
    view.query = said.get('search') || said.get('s') || '';
    field.value = view.query;
    update();
  }

  function update() {
    draw();
    search();
    if (!boxes[current].shown) {
      setCurrent(boxes[view.root]);
    }
  }

  function zoom(box) {
    const target = box.narrow ? box.parent : box;
    if (target.index === view.root) {
      return;
    }
    view.root = target.index;
    update();
    remember('pushState');
  }

  function find(query) {
    view.query = query;
    field.value = query;
    search();
    remember('replaceState');
  }

  // ---- tool tip

  const tipBox = foreign(svg, 'tip', { x: 0, y: 0, width: 1, height: 1, overflow: 'visible' });
  const tip = tipBox.appendChild(html('div', { role: 'tooltip' }));
  hideTip();

  function hideTip() {
    tipBox.setAttribute('display', 'none');
  }

  function showTip(box, clientX, clientY) {
    const page = svg.getBoundingClientRect();
    const root = boxes[view.root];
    const here =
      root.index > 0 && isInside(box, root) ? ' · ' + percent(box.w, root.w) + ' here' : '';
    tip.replaceChildren(
      html('p', { class: 'name' }, box.label),
      html('p', {}, box.facts + here),
      ...box.details.map((detail) => html('p', { class: 'soft' }, detail)),
    );
    tipBox.removeAttribute('display');
    const left = Math.max(4, Math.min(clientX - page.left + 14, page.width - tip.offsetWidth - 8));
    const below = clientY + 20;
    const bottom = Math.min(innerHeight, page.bottom);
    const fits = below + tip.offsetHeight < bottom;
    const top = fits ? below : Math.max(4, clientY - tip.offsetHeight - 14);
    tipBox.setAttribute('x', left);
    tipBox.setAttribute('y', top - page.top);
  }

  // ---- mouse and keys

  function boxOf(event) {
    const element = event.target.closest && event.target.closest('.f');
    return element && element.box;
  }

  // Tab leads to one frame only, the current one.
  function setCurrent(box) {
    boxes[current].element.removeAttribute('tabindex');
    current = box.index;
    box.element.setAttribute('tabindex', '0');
  }

  function focus(box) {
    setCurrent(box);
    box.element.focus({ preventScroll: true });
  }

  function walk(box) {
    if (!box) {
      return;
    }
    focus(box);
    const place = box.rect.getBoundingClientRect();
    if (alone && place.top < BAR_HEIGHT) {
      scrollBy(0, place.top - BAR_HEIGHT - ROW_HEIGHT);
    } else if (alone && place.bottom > innerHeight) {
      scrollBy(0, place.bottom - innerHeight + ROW_HEIGHT);
    }
    const seen = box.rect.getBoundingClientRect();
    showTip(box, Math.max(seen.left, 0), seen.bottom - 14);
  }

  function neighbour(box, step) {
    for (let i = box.index + step; i >= 0 && i < boxes.length; i += step) {
      if (boxes[i].shown && boxes[i].row === box.row) {
        return boxes[i];
      }
    }
    return null;
  }

  function widest(list) {
    return list.filter((box) => box.shown).reduce((a, b) => (a && a.w >= b.w ? a : b), null);
  }

  function nextHit(step) {
    const shown = hits.filter((box) => box.shown);
    const after =
      step > 0
        ? shown.find((box) => box.index > current)
        : shown.findLast((box) => box.index < current);
    walk(after || shown.at(step > 0 ? 0 : -1));
  }

  function focusSearch() {
    field.focus();
    field.select();
  }

  function back() {
    if (view.query) {
      find('');
    } else if (view.root > 0) {
      zoom(boxes[0]);
    }
  }

  const keys = {
    ArrowDown: (box) => walk(widest(box.children)),
    ArrowUp: (box) => walk(box.parent),
    ArrowLeft: (box) => walk(neighbour(box, -1)),
    ArrowRight: (box) => walk(neighbour(box, 1)),
    Home: () => walk(boxes[0]),
    Enter: zoom,
    ' ': zoom,
  };

  function onKey(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'f' && event.target !== field) {
      focusSearch();
    } else if (command || event.altKey) {
      return;
    } else if (event.target === field) {
      if (event.key === 'Escape') {
        find('');
        field.blur();
      } else if (event.key === 'Enter') {
        nextHit(1);
      } else {
        return;
      }
    } else if (event.key === '/') {
      focusSearch();
    } else if (event.key === 'Escape') {
      back();
    } else if (event.key === 'n' || event.key === 'N') {
      nextHit(event.key === 'n' ? 1 : -1);
    } else if (keys[event.key] && boxOf(event)) {
      keys[event.key](boxOf(event));
    } else {
      return;
    }
    event.preventDefault();
  }

  function followScroll() {
    const top = Math.max(0, scrollY - BAR_TOP + 4);
    head.setAttribute('transform', 'translate(0 ' + top + ')');
  }

  function start() {
    svg.removeAttribute('viewBox');
    svg.setAttribute('width', '100%');
    svg.setAttribute('role', 'group');
    svg.insertBefore(head, tipBox);
    frames.setAttribute('role', 'tree');
    frames.setAttribute('aria-label', 'Frames, callers above callees');
    for (const box of boxes) {
      box.element.box = box;
      box.element.setAttribute('role', 'treeitem');
      box.element.setAttribute('aria-level', box.row + 1);
      box.element.setAttribute('aria-label', [box.label, box.facts, ...box.details].join(', '));
    }
    boxes[0].element.setAttribute('tabindex', '0');
    probe.remove();
    frames.addEventListener('click', (event) => {
      const box = boxOf(event);
      if (box) {
        focus(box);
        zoom(box);
      }
    });
    frames.addEventListener('pointermove', (event) => {
      const box = boxOf(event);
      if (box) {
        showTip(box, event.clientX, event.clientY);
      } else {
        hideTip();
      }
    });
    frames.addEventListener('pointerleave', hideTip);
    frames.addEventListener('focusout', hideTip);
    field.addEventListener('input', () => find(field.value));
    reset.addEventListener('click', () => zoom(boxes[0]));
    (alone ? window : svg).addEventListener('keydown', onKey);
    if (alone) {
      addEventListener('popstate', restore);
      addEventListener('scroll', followScroll, { passive: true });
    }
    new ResizeObserver(() => {
      if (svg.getBoundingClientRect().width !== width + 2 * MARGIN) {
        draw();
      }
    }).observe(svg);
    show(alone ? location.hash.slice(1) || location.search.slice(1) : '');
  }

  start();
})();
