// Opens profiles of jspy in speedscope itself, the offline build of its npm package, in a real browser: each is imported
// without an error, and the toolbar shows the name of the first thread.
//
// Usage: npm install --no-package-lock && node speedscope.js [--shots FOLDER] FILE.speedscope.json…
// CHROMIUM names the browser (else /usr/bin/chromium).

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const RELEASE = path.join(
  path.dirname(fileURLToPath(import.meta.url)), 'node_modules', 'speedscope', 'dist', 'release');
const PATIENCE_MS = 60_000;

async function open(browser, file, scratch, shots) {
  const text = await readFile(file);
  const profile = JSON.parse(text);
  const script = path.join(scratch, 'profile.js');
  const name = path.basename(file);
  await writeFile(
    script,
    `speedscope.loadFileFromBase64(${JSON.stringify(name)}, "${text.toString('base64')}")`);
  const tab = await browser.newPage({ viewport: { width: 1400, height: 800 } });
  const errors = [];
  tab.on('pageerror', (error) => errors.push(String(error)));
  tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await tab.goto(`${pathToFileURL(path.join(RELEASE, 'index.html'))}#localProfilePath=${encodeURI(script)}`);
  const first = profile.profiles[profile.activeProfileIndex ?? 0].name;
  let shown = '';
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !shown.includes(first); ) {
    await tab.waitForTimeout(200);
    shown = await tab.evaluate(() => document.body.innerText);
  }
  if (shots) {
    await mkdir(shots, { recursive: true });
    await tab.screenshot({ path: path.join(shots, `${name}.png`) });
  }
  await tab.close();
  if (!shown.includes(first)) {
    errors.push(`no "${first}" on the page, which says: ${shown.slice(0, 200)}`);
  }
  console.log(`${errors.length === 0 ? 'ok  ' : 'FAIL'} ${name}: "${first}", ${profile.profiles.length} profiles`);
  errors.forEach((error) => console.log(`     ${error}`));
  return errors.length === 0;
}

const files = process.argv.slice(2);
const shots = files[0] === '--shots' ? files.splice(0, 2)[1] : '';
if (files.length === 0) {
  console.error('usage: node speedscope.js [--shots FOLDER] FILE.speedscope.json…');
  process.exit(2);
}
const scratch = await mkdtemp(path.join(os.tmpdir(), 'jspy-speedscope-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
let good = true;
try {
  for (const file of files) {
    good = (await open(browser, file, scratch, shots)) && good;
  }
} finally {
  await browser.close();
  await rm(scratch, { recursive: true });
}
process.exit(good ? 0 : 1);
