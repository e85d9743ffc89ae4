// Opens flame graphs of jspy in a real browser and uses them as a person would: zoom, Back, search,
// keys, hovering, narrow windows, inside another page. What it expects it works out from the file
// itself, in its own way.
//
// Usage: npm install --no-package-lock && node check.js [--shots FOLDER] FILE.svg…
// CHROMIUM names the browser (else /usr/bin/chromium).

import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const BROWSER = process.env.CHROMIUM || '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let failures = 0;
let checks = 0;

function check(what, holds, detail = '') {
  checks++;
  if (!holds) {
    failures++;
    console.log(`  FAILED: ${what} ${detail}`);
  }
}

// ---- what the file says, without its script

function unescaped(xml) {
  const names = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
  return xml.replace(/&(lt|gt|quot|amp|#39);/g, (_, name) => names[name]);
}

function framesOf(text) {
  const pattern = /<g class="f ([^"]*)" data-x="(\d+)" data-w="(\d+)"><title>([^<]*)<\/title>/g;
  return Array.from(text.matchAll(pattern), ([, kind, x, w, title]) => {
    const [label, , ...details] = unescaped(title).split('\n');
    return { kind, x: Number(x), w: Number(w), label, details };
  });
}

// By painting every sample that a match covers.
function share(frames, matches) {
  const painted = new Uint8Array(frames[0].w);
  frames
    .slice(1)
    .filter(
      (frame) => !frame.kind.includes('narrow') && [frame.label, ...frame.details].some(matches),
    )
    .forEach((frame) => painted.fill(1, frame.x, frame.x + frame.w));
  return (100 * painted.reduce((sum, one) => sum + one, 0)) / painted.length;
}

function hasWidth(frame, frames, from, to) {
  return frame.w > from * frames[0].w && frame.w < to * frames[0].w;
}

// ---- one file

async function open(browser, file, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  page.complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      page.complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    page.complaints.push('dialog: ' + dialog.message());
    dialog.dismiss();
  });
  const started = performance.now();
  await page.goto(pathToFileURL(file).href);
  page.openMillis = Math.round(performance.now() - started);
  return page;
}

const matched = (page) => page.locator('output').textContent();
const shown = (page) => page.locator('.frames > g:not([display])').count();
const box = (page, index) => page.locator('.frames > g').nth(index).locator('rect').boundingBox();

async function checkZoom(page, frames, index) {
  const all = await shown(page);
  const full = await box(page, 0);
  await page
    .locator('.frames > g')
    .nth(index)
    .locator('rect')
    .click({ position: { x: 1, y: 8 } });
  const zoomed = await box(page, index);
  check(
    'the zoomed frame is as wide as the graph',
    Math.abs(zoomed.width - full.width) < 1,
    `${zoomed.width}`,
  );
  check('other frames are gone', (await shown(page)) < all);
  check('reset is offered', await page.locator('button').isVisible());
  check('the address knows', new URL(page.url()).hash === `#zoom=${index}`, page.url());
  await page.goBack();
  check('Back shows all', (await shown(page)) === all);
  await page.goForward();
  check('Forward zooms again', (await shown(page)) < all);
  await page.reload();
  check('reload stays zoomed', Math.abs((await box(page, index)).width - full.width) < 1);
  await page.locator('button').click();
  check('reset shows all', (await shown(page)) === all);
  check('reset is gone', !(await page.locator('button').isVisible()));
}

async function search(page, expression) {
  await page.keyboard.press('/');
  check(
    '/ leads to the search',
    await page.evaluate(() => document.activeElement?.type === 'search'),
  );
  await page.keyboard.insertText(expression);
}

async function checkSearch(page, frames, name) {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').slice(0, 60);
  for (const expression of [escaped, '^' + escaped, 'e|_|\\(', '\\.py:\\d+\\)$']) {
    const flags = /[A-Z]/.test(expression.replace(/\\./g, '')) ? '' : 'i';
    const wanted = share(frames, (text) => new RegExp(expression, flags).test(text));
    await search(page, expression);
    const said = await matched(page);
    const told =
      wanted === 0 ? 'no match' : `matched ${wanted === 100 ? '100' : wanted.toFixed(2)} %`;
    check(`share of /${expression}/`, said === told, `says ${said}, should say ${told}`);
    await page.keyboard.press('Escape');
    check('Esc clears', (await matched(page)) === '' && (await page.locator('.hit').count()) === 0);
  }
  await search(page, '(');
  check(
    'half an expression is no error',
    (await matched(page)).includes('not a regular expression'),
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  check(
    'Ctrl-F leads to the search',
    await page.evaluate(() => document.activeElement?.type === 'search'),
  );
  await page.keyboard.press('Escape');
}

async function checkKeys(page) {
  const label = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') || '');
  for (let tabs = 0; tabs < 5 && !(await label()).startsWith('all,'); tabs++) {
    await page.keyboard.press('Tab');
  }
  check('Tab reaches the frames', (await label()).startsWith('all,'));
  await page.keyboard.press('ArrowDown');
  const first = await label();
  check('Down goes to a callee', first !== '' && !first.startsWith('all,'), first);
  const reachable = await page.locator('.frames > g[tabindex]').count();
  check('Tab leads to one frame only', reachable === 1, `${reachable}`);
  check('its tool tip is there', await page.locator('.tip').isVisible());
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  check('Esc undoes the zoom', !(await page.locator('button').isVisible()));
  await page.keyboard.press('ArrowUp');
  check('Up goes back', (await label()).startsWith('all,'), await label());
}

async function checkMatches(page, frames) {
  const hits = frames.flatMap((frame, index) =>
    /_|e/.test(frame.label) && index > 0 ? [index] : [],
  );
  const named = hits.filter((index) => !frames[index].kind.includes('narrow'));
  const at = () =>
    page.evaluate(() =>
      Array.from(document.querySelectorAll('.frames > g')).indexOf(document.activeElement),
    );
  await search(page, '_|e');
  const visited = [];
  for (const key of ['Enter', 'n', 'n', 'N']) {
    await page.keyboard.press(key);
    visited.push(await at());
  }
  const step = (by) => named[(by + named.length) % named.length];
  const wanted = [step(0), step(1), step(2), step(1)];
  check(
    'n and N go through the matches',
    `${visited}` === `${wanted}`,
    `${visited}, not ${wanted}`,
  );
  await page.keyboard.press('Escape');
}

async function checkTip(page, frames, index) {
  const at = await box(page, index);
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  const tip = await page.locator('.tip div').boundingBox();
  const view = page.viewportSize();
  check(
    'the tool tip says which frame',
    (await page.locator('.tip .name').textContent()) === frames[index].label,
  );
  check(
    'the tool tip is inside the window',
    tip.x >= 0 &&
      tip.y >= 0 &&
      tip.x + tip.width <= view.width &&
      tip.y + tip.height <= view.height,
    JSON.stringify(tip),
  );
  await page.mouse.move(2, 2);
}

async function checkNarrowWindow(page) {
  await page.setViewportSize({ width: 500, height: 600 });
  await page.waitForTimeout(200);
  check('the graph follows the window', Math.abs((await box(page, 0)).width - 476) < 20);
  const wide = await page.evaluate(() =>
    Array.from(document.querySelectorAll('text'))
      .filter((text) => text.getBoundingClientRect().right > innerWidth + 1)
      .map((text) => text.textContent),
  );
  check('no text runs out of the window', wide.length === 0, wide.join(' | '));
}

async function checkEmbedded(browser, file, text) {
  const page = await open(browser, file);
  await page.goto('about:blank');
  const svg = text.replace(/^<\?xml.*?\?>/, '');
  const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  await page.setContent(`<!doctype html>${meta}
      <body><p>before</p>${svg}${svg}<p>after</p>`);
  const alive = await page.locator('svg.jspy-flame:has(input)').count();
  check('two graphs inside one page work', alive === 2 || !text.includes('data-x'), `${alive}`);
  check('the page keeps its address', !page.url().includes('#'));
  check(
    'nothing complains inside a page',
    page.complaints.length === 0,
    page.complaints.join(' | '),
  );
  await page.close();
}

async function checkFile(browser, file, shots) {
  const text = await readFile(file, 'utf8');
  const frames = framesOf(text);
  const name = path.basename(file, '.svg');
  const page = await open(browser, file);
  console.log(
    `${name}: ${frames.length} boxes, ${Math.round(text.length / 1024)} KiB,` +
      ` open in ${page.openMillis} ms`,
  );
  check('all boxes are there', (await page.locator('.frames > g').count()) === frames.length);
  const metadata = await page.evaluate(() =>
    JSON.parse(document.querySelector('metadata').textContent),
  );
  check('metadata is JSON', metadata.accuracy.samples >= 0);
  check(
    'it has a name',
    (await page.title()) !== '' || (await page.locator('svg > title').first().textContent()) !== '',
  );
  check('there is one script', (await page.locator('script').count()) === 1);
  if (frames.length > 0) {
    const wanted = frames.findIndex(
      (frame, index) =>
        index > 0 && !frame.kind.includes('fold') && hasWidth(frame, frames, 0.02, 0.7),
    );
    if (wanted > 0) {
      await checkTip(page, frames, wanted);
      await checkZoom(page, frames, wanted);
    }
    await checkSearch(page, frames, frames[Math.floor(frames.length / 2)].label);
    await checkKeys(page);
    await checkMatches(page, frames);
    for (const hash of [
      '#zoom=-1',
      '#zoom=1e9',
      '#zoom=x&search=%28',
      '#search=<script>alert(1)</script>',
      '#%',
    ]) {
      await page.goto('about:blank');
      await page.goto(pathToFileURL(file).href + hash);
      check(`the address ${hash} does no harm`, (await shown(page)) === frames.length);
    }
    await page.goto(pathToFileURL(file).href);
    await checkNarrowWindow(page);
  }
  check('nothing complained', page.complaints.length === 0, page.complaints.join(' | '));
  await page.close();
  await checkEmbedded(browser, file, text);
  if (shots) {
    await shoot(browser, file, path.join(shots, name));
  }
}

async function shoot(browser, file, target) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open(browser, file, { colorScheme });
    await page.screenshot({ path: `${target}-${colorScheme}.png` });
    await page.close();
  }
}

const files = process.argv.slice(2);
const shots = files[0] === '--shots' ? files.splice(0, 2)[1] : null;
if (files.length === 0) {
  console.error('Usage: node check.js [--shots FOLDER] FILE.svg…');
  process.exit(2);
}
if (shots) {
  await mkdir(shots, { recursive: true });
}
const browser = await chromium.launch({ executablePath: BROWSER, args: QUIET });
for (const file of files) {
  await checkFile(browser, path.resolve(file), shots);
}
await browser.close();
console.log(`${checks - failures} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
