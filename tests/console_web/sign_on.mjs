// Started by sign_on_web_test.py, which says in CONSOLE_FACTS where the hub is and who signs on.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';

const {chromium} = createRequire(process.env.CONSOLE_MODULES)('playwright-core');
const facts = JSON.parse(process.env.CONSOLE_FACTS);
const WAIT_MS = 60_000;

let browser;
before(async () => (browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox']})));
after(() => browser.close());

test('the button leads to the provider and back to the console, signed in until signing out', async () => {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(facts.base);
  await page.getByRole('link', {name: 'Đăng nhập một lần'}).click();
  await page.locator('#enter').click();  // a link of the provider's site
  await page.getByText(`${facts.user} Vận hành`).waitFor();
  assert.equal(new URL(page.url()).origin, facts.base);
  assert.equal(await page.evaluate(() => document.cookie), '');
  await page.reload();
  await page.getByText(`${facts.user} Vận hành`).waitFor();
  await page.getByRole('button', {name: 'Đăng xuất'}).click();
  await page.getByRole('link', {name: 'Đăng nhập một lần'}).waitFor();
});

test('a link to the callback that somebody else made signs nobody in', async () => {
  const context = await browser.newContext(), other = await browser.newContext();
  const page = await context.newPage(), victim = await other.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(facts.base);
  await page.getByRole('link', {name: 'Đăng nhập một lần'}).click();
  const link = await page.locator('#enter').getAttribute('href');
  await victim.goto(link);
  await victim.getByText('Lượt đăng nhập không còn hiệu lực').waitFor();
  await victim.getByRole('link', {name: 'Trang của trung tâm'}).click();
  await victim.getByRole('heading', {name: 'Đăng nhập'}).waitFor();
});
