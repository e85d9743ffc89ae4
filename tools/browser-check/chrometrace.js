// Opens chrome traces of jspy in the viewer of chrome://tracing, in a real browser: nothing to complain of, and every
// process, thread and call of the file is there, under its name. Debian's Chromium lacks that page; Go's sources carry its
// viewer (package golang-1.19-src: src/cmd/trace/static, with the webcomponents.min.js it needs).
//
// Usage: npm install --no-package-lock && VIEWER=FOLDER node chrometrace.js [--shots FOLDER] FILE.chrometrace.json…
// CHROMIUM names the browser (else /usr/bin/chromium).

import { mkdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const VIEWER = process.env.VIEWER ?? '.';
const PATIENCE_MS = 60_000;

const PAGE = `<!DOCTYPE html><html><head><meta charset="utf-8">
<script src="/webcomponents.min.js"></script>
<link rel="import" href="/trace_viewer_full.html">
<style>html, body { height: 100%; margin: 0 } #view { height: 100% }</style>
<script>
document.addEventListener('WebComponentsReady', () => {
  const container = document.createElement('track-view-container');
  container.id = 'track_view_container';
  const view = document.createElement('tr-ui-timeline-view');
  view.track_view_container = container;
  Polymer.dom(view).appendChild(container);
  view.id = 'view';
  view.globalMode = true;
  Polymer.dom(document.body).appendChild(view);
  fetch('/trace').then((r) => r.text()).then((text) => {
    const model = new tr.Model();
    const options = new tr.importer.ImportOptions();
    options.shiftWorldToZero = false;
    return new tr.importer.Import(model, options).importTracesWithProgressDialog([text]).then(() => {
      view.model = model;
      window.loaded = model;
    });
  }).catch((error) => { window.failed = String(error); });
});
</script></head><body></body></html>`;

function serve(trace) {
  const server = http.createServer(async (request, response) => {
    const name = request.url.slice(1).replace(/[^\w.]/g, '');
    try {
      const body =
        name === '' ? PAGE : name === 'trace' ? trace : await readFile(path.join(VIEWER, name));
      const type = name === '' || name.endsWith('.html') ? 'text/html' : 'application/javascript';
      response.writeHead(200, { 'Content-Type': type });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

// What the file says: 'PID TID NAME' and how many calls that thread has.
function wanted(text) {
  const events = JSON.parse(text);
  const tracks = new Map();
  for (const event of events) {
    if (event.ph === 'B') {
      const key = `${event.pid} ${event.tid}`;
      tracks.set(key, (tracks.get(key) ?? 0) + 1);
    }
  }
  const names = new Map(
    events
      .filter((event) => event.name === 'thread_name')
      .map((event) => [`${event.pid} ${event.tid}`, event.args.name]),
  );
  return Array.from(tracks, ([key, calls]) => `${key} ${names.get(key)} ${calls}`).sort();
}

async function check(browser, file, shots) {
  const text = await readFile(file, 'utf8');
  const server = await serve(text);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => window.loaded || window.failed, null, { timeout: PATIENCE_MS });
  const seen = await page.evaluate(() => ({
    failed: window.failed,
    warnings: window.loaded?.importWarnings.map((warning) => warning.message ?? String(warning)),
    tracks: window.loaded
      ?.getAllThreads()
      .filter((thread) => thread.sliceGroup.length > 0)
      .map((thread) => `${thread.parent.pid} ${thread.tid} ${thread.name} ${thread.sliceGroup.length}`)
      .sort(),
  }));
  await page.waitForTimeout(1000);
  if (shots) {
    await page.screenshot({ path: path.join(shots, path.basename(file) + '.png') });
  }
  await page.close();
  server.close();
  const expected = wanted(text);
  const same = JSON.stringify(seen.tracks) === JSON.stringify(expected);
  const good = !seen.failed && seen.warnings.length === 0 && complaints.length === 0 && same;
  console.log(
    `${good ? 'ok  ' : 'FAIL'} ${path.basename(file)}: ${expected.length} threads, ` +
      `${expected.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)} calls`,
  );
  if (!good) {
    console.log(JSON.stringify({ ...seen, expected, complaints }, null, 1));
  }
  return good;
}

const files = process.argv.slice(2);
let shots;
if (files[0] === '--shots') {
  [, shots] = files.splice(0, 2);
  await mkdir(shots, { recursive: true });
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
let bad = 0;
for (const file of files) {
  bad += (await check(browser, file, shots)) ? 0 : 1;
}
await browser.close();
process.exit(bad || files.length === 0 ? 1 : 0);
