// Started by console_web_test.py, which says in CONSOLE_FACTS where the hub is and what flowed.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';

const modules = createRequire(process.env.CONSOLE_MODULES);
const {chromium} = modules('playwright-core');
const AXE = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8');
const facts = JSON.parse(process.env.CONSOLE_FACTS);

const SCRIPT_BYTES_MAX = 150 * 1024;
const WAIT_MS = 60_000;
const PAGES = ['documents', `documents/${facts.delivered}`, `documents/${facts.refused}`, 'flow', 'status', 'alerts', 'failures', 'agreements',
  'agreements/huyen/btg-238?clause=toa-an-truoc-xet-xu', 'evidence', 'reports', 'reports?party=btg.huyen', 'audit', 'audit?kind=body-read', `audit?document=${facts.delivered}`];
const WINDOWS = [{width: 1280, height: 800, scheme: 'light'}, {width: 1280, height: 800, scheme: 'dark'}, {width: 390, height: 844, scheme: 'light'}];

let browser;
before(async () => (browser = await chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox']})));
after(() => browser.close());

// A page whose every request and complaint is kept.
async function open({width, height, scheme} = WINDOWS[0]) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme});
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const requests = [], complaints = [];
  page.on('request', (one) => requests.push(one.url()));
  page.on('console', (one) => ['error', 'warning'].includes(one.type()) && complaints.push(one.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(facts.base);
  return {page, requests, complaints, close: () => context.close()};
}

async function signIn(page, token = facts.token) {
  await page.getByLabel('Tên tài khoản').waitFor();
  const field = page.getByLabel('Mã truy cập');
  if (!(await field.isVisible())) await page.getByText('Dùng mã truy cập của trung tâm').click();
  await field.fill(token);
  await page.getByRole('button', {name: 'Đăng nhập bằng mã truy cập'}).click();
}

async function signInAs(page, user, password) {
  await page.getByLabel('Tên tài khoản').fill(user);
  await page.getByLabel('Mật khẩu').fill(password);
  await page.getByRole('button', {name: 'Đăng nhập', exact: true}).click();
}

// What a link's page asks for.
async function setPassword(page, link, password) {
  await page.goto(link);
  await page.getByLabel('Mật khẩu mới').fill(password);
  await page.getByLabel('Nhập lại mật khẩu').fill(password);
  await page.getByRole('button', {name: 'Đặt mật khẩu'}).click();
}
const pagesShown = (page) => page.getByRole('navigation').getByRole('link').allInnerTexts();

async function openSignedIn(at) {
  const opened = await open(at);
  await signIn(opened.page);
  await opened.page.getByRole('heading', {name: 'Văn bản', exact: true}).waitFor();
  return opened;
}

async function show(page, hash) {
  await page.goto('about:blank');
  await page.goto(`${facts.base}/#/${hash}`);
  await page.getByRole('heading', {level: 1}).waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes('Đang tải'));
}

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => axe.run());
  return found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
}

test('a wrong token is refused with what to do, and the right one signs in', async () => {
  const {page, close} = await open();
  await signIn(page, '0'.repeat(64));
  await page.getByText('Chép lại toàn bộ nội dung tệp data/keys/api-token').waitFor();
  await signIn(page);
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  await page.reload();
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  await page.getByRole('button', {name: 'Đăng xuất'}).click();
  await page.getByLabel('Tên tài khoản').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await close();
});

test('a link sets a password, and its user signs in and out without a secret that a script could read', async () => {
  const {page, close} = await open();
  assert.deepEqual(await violations(page), []);
  const password = 'một câu dài dễ nhớ';
  await page.goto(facts.links.operator);
  await page.getByLabel('Mật khẩu mới').waitFor();
  assert.deepEqual(await violations(page), []);
  await setPassword(page, facts.links.operator, password);
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  await page.getByText('web-operator Vận hành').waitFor();
  assert.ok(!page.url().includes('token'));
  assert.deepEqual(await page.evaluate(() => [document.cookie, sessionStorage.length]), ['', 0]);
  assert.ok(!(await pagesShown(page)).includes('Người dùng'));
  await page.reload();
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  await page.getByRole('button', {name: 'Đăng xuất'}).click();
  await signInAs(page, 'web-operator', 'một câu khác hẳn');
  await page.getByText('Tên tài khoản hoặc mật khẩu không đúng').waitFor();
  await signInAs(page, 'web-operator', password);
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  await setPassword(page, facts.links.operator, password);  // it was good for once
  await page.getByText('Xin quản trị viên một liên kết mời mới').waitFor();
  await close();
});

test('an agency viewer sees its own documents and no page that is not for it', async () => {
  const {page, close} = await open();
  await setPassword(page, facts.links.viewer, 'một câu dài dễ nhớ');
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  assert.deepEqual(await pagesShown(page), ['Văn bản', 'Bằng chứng', 'Quyền và truy cập']);
  assert.equal(await page.getByRole('row').count(), 2);
  await page.getByRole('link', {name: 'Quyền và truy cập'}).click();
  await page.getByRole('table', {name: 'Ai đã đọc nội dung văn bản của cơ quan này'}).getByText('khiếu nại số 7').waitFor();
  await page.getByText('Tòa án nhân dân huyện').first().waitFor();  // names, and no ids alone
  assert.deepEqual(await violations(page), []);
  await show(page, 'documents');
  await page.goto(`${facts.base}/#/flow`);
  await page.getByText('Không có trang này.').waitFor();
  await close();
});

test('an administrator makes a link for a user', async () => {
  const {page, close} = await open();
  await setPassword(page, facts.links.administrator, 'một câu dài dễ nhớ');
  await page.getByRole('link', {name: 'Người dùng'}).click();
  await page.getByRole('table', {name: 'Người dùng'}).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', {name: 'Tạo liên kết: web-viewer'}).click();
  await page.getByText('Liên kết đặt mật khẩu cho web-viewer').waitFor();
  await page.getByText(`${facts.base}/#/invitation?token=`).waitFor();
  await close();
});

test('a document is found without diacritics and followed to the record of its delivery', async () => {
  const {page, close} = await openSignedIn();
  await page.getByLabel('Trích yếu hoặc số, ký hiệu').fill('truoc xet xu');
  await page.waitForURL(/text=truoc\+xet\+xu/);
  await page.getByLabel('Kết quả xét').selectOption({label: 'Chấp nhận'});
  await page.waitForURL(/accepted=true/);
  // A refused document of the same subject is in the list of before.
  await page.getByRole('link', {name: facts.subject}).nth(1).waitFor({state: 'detached'});
  await page.reload();  // the address holds all of it
  await page.getByRole('link', {name: facts.subject}).click();
  const steps = page.getByRole('listitem');
  for (const text of ['Đơn vị gửi ký văn bản', 'Trung tâm nhận', 'Chấp nhận gửi Ban Tuyên giáo Huyện ủy', 'Đã ghi bền', 'Đã đến: Ban Tuyên giáo Huyện ủy'])
    await steps.filter({hasText: text}).first().waitFor();
  await page.getByRole('link', {name: /huyen\/btg-238 v1 § toa-an-truoc-xet-xu/}).first().waitFor();
  await page.getByText(`bản ghi ${facts.delivered.toLocaleString('vi-VN')}`).first().waitFor();
  // The number of its case leads to all of that case: here the same notice, sent the wrong way.
  await page.getByText('Số vụ việc').locator('xpath=following-sibling::dd[1]').getByRole('link').click();
  await page.waitForURL(/#\/documents\?case=/);
  await page.getByRole('row').nth(2).waitFor();
  assert.equal(await page.getByRole('row').count(), 3);
  await close();
});

test('a refusal is found and says why, what to do, and the nearest clause', async () => {
  const {page, close} = await openSignedIn();
  await page.getByLabel('Kết quả xét').selectOption({label: 'Từ chối'});
  await page.waitForURL(/accepted=false/);
  // The list of before stands there until the answer comes: another document of the same subject may be in it.
  const refused = page.getByRole('row').filter({hasText: 'Loại văn bản không được phép gửi theo chiều này'});
  await refused.getByRole('link', {name: facts.subject}).click();
  await page.getByText('không cho phép Viện kiểm sát nhân dân huyện gửi Thông tin trước xét xử').waitFor();
  await page.getByText('Cần làm:').waitFor();
  await page.getByText('Điều khoản gần nhất:').waitFor();
  await close();
});

test('filters stand in the address, and the way back leaves them out again', async () => {
  const {page, close} = await openSignedIn();
  await page.getByLabel('Tình trạng giao').selectOption({label: 'Chờ giao'});
  await page.waitForURL(/state=pending/);
  await page.getByRole('row').nth(2).waitFor({state: 'detached'});  // the others of before
  await page.getByRole('link', {name: /Thông tin/}).waitFor();
  assert.equal(await page.getByRole('row').count(), 2);
  await page.goBack();
  await page.getByRole('row').nth(3).waitFor();
  assert.equal(await page.getByLabel('Tình trạng giao').inputValue(), '');
  await close();
});

test('queues show who is silent and what waits for it', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Hàng đợi'}).click();
  const row = page.getByRole('row').filter({hasText: 'btg.huyen/folder'});
  await row.getByText('Mất kết nối').waitFor();
  assert.match(await row.innerText(), /từ \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d/);
  await close();
});

// What somebody orders here is signed here; the row says so by itself when the hub has done it.
test('an endpoint is paused and resumed with a key that stays in the browser, and the hub tells of it by itself', async () => {
  const {page, requests, close} = await openSignedIn();
  const bodies = [];
  page.on('request', (one) => one.method() === 'POST' && bodies.push(one.postData()));
  await page.getByRole('link', {name: 'Hàng đợi'}).click();
  const row = page.getByRole('row').filter({hasText: 'hdnd.huyen/folder'});
  const order = async (button, reason) => {
    await row.getByRole('button', {name: button}).click();
    await page.getByLabel('Lý do (được ghi vào nhật ký)').fill(reason);
    await page.getByRole('button', {name: 'Ký và gửi lệnh'}).click();
  };
  await order('Tạm dừng giao', 'bảo trì');
  await page.getByText('Chọn tệp khóa bí mật của quản trị viên.').waitFor();
  await page.getByLabel('Tệp khóa của quản trị viên').setInputFiles(facts.administrator);
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', {name: 'Ký và gửi lệnh'}).click();
  await page.getByText('Đã thực hiện; lệnh là bản ghi').waitFor();
  await page.getByRole('button', {name: 'Đóng'}).click();
  await row.getByText('Đang tạm dừng giao').waitFor();
  await page.getByRole('link', {name: /^Cảnh báo \d/}).click();
  await page.getByText('Đang tạm dừng giao cho hdnd.huyen/folder').first().waitFor();
  await page.getByRole('link', {name: 'Hàng đợi'}).click();
  await order('Tiếp tục giao', 'xong');  // the key is kept
  await page.getByRole('button', {name: 'Đóng'}).click();
  await row.getByText('Đang tạm dừng giao').waitFor({state: 'detached'});
  const {secret} = JSON.parse(readFileSync(facts.administrator, 'utf8'));
  assert.equal(bodies.length, 2);
  assert.ok(bodies.every((one) => !one.includes(secret)));
  assert.equal(requests.filter((url) => url.endsWith('/api/v1/events')).length, 1);
  await page.getByRole('link', {name: 'Nhật ký truy cập'}).click();
  await page.getByRole('row').filter({hasText: 'hdnd.huyen/folder'}).filter({hasText: 'bảo trì'}).first().waitFor();
  await close();
});

test('a delivery that waits is stopped with a key, and what the hub refuses is told', async () => {
  const {page, close} = await openSignedIn();
  await show(page, `documents/${facts.waiting}`);
  await page.getByRole('button', {name: /^Dừng giao: Ban Tuyên giáo Huyện ủy/}).click();
  await page.getByLabel('Lý do (được ghi vào nhật ký)').fill('gửi nhầm');
  await page.getByLabel('Tệp khóa của quản trị viên').setInputFiles(facts.stranger);
  await page.getByRole('button', {name: 'Ký và gửi lệnh'}).click();
  await page.getByText('Không biết quản trị viên').waitFor();
  await page.getByLabel('Tệp khóa của quản trị viên').setInputFiles(facts.administrator);
  await page.getByRole('button', {name: 'Ký và gửi lệnh'}).click();
  await page.getByText('Đã thực hiện; lệnh là bản ghi').waitFor();
  await page.getByRole('listitem').filter({hasText: 'gửi nhầm'}).waitFor();
  await close();
});

test('a replay of a sensitive type is signed by one administrator, saved, approved by another, and done', async () => {
  const {page, close} = await openSignedIn();
  await show(page, `documents/${facts.delivered}`);
  const order = async (key) => {
    await page.getByLabel('Tệp khóa của quản trị viên').setInputFiles(key);
    await page.getByRole('button', {name: 'Ký và gửi lệnh'}).click();
  };
  const replay = page.getByRole('button', {name: /^Giao lại: Ban Tuyên giáo Huyện ủy/});
  await replay.click();
  await page.getByLabel('Lý do (được ghi vào nhật ký)').fill('mất hộp thư');
  await order(facts.administrator);
  await page.getByText('Cần người thứ hai phê duyệt').waitFor();
  const saving = page.waitForEvent('download');
  await page.getByRole('link', {name: 'Lưu lệnh để quản trị viên khác ký'}).click();
  const saved = await (await saving).path();
  await page.getByRole('button', {name: 'Bỏ qua'}).click();
  await replay.click();
  const first = page.getByLabel('Tệp lệnh mà quản trị viên khác đã ký (nếu có)');
  await first.setInputFiles(facts.administrator);
  await page.getByText('Tệp không phải là lệnh này.').waitFor();
  await first.setInputFiles({name: 'order.json', mimeType: 'application/json', buffer: readFileSync(saved)});
  await page.getByText(/Phê duyệt lệnh của quản trị viên .*lý do: mất hộp thư/).waitFor();
  assert.deepEqual(await violations(page), []);
  await order(facts.administrator);
  await page.getByText('the signatures must be of different administrators').waitFor();
  await order(facts.approver);
  await page.getByText('Đã thực hiện; lệnh là bản ghi').waitFor();
  await page.getByRole('listitem').filter({hasText: 'mất hộp thư'}).waitFor();
  await close();
});

test('the flow leads to the documents of a sender and a recipient', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Luồng văn bản'}).click();
  await page.getByRole('link', {name: 'Tòa án nhân dân huyện gửi Ban Tuyên giáo Huyện ủy: 1 chấp nhận'}).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/documents\?sender=toa-an\.huyen&recipient=btg\.huyen/);
  await page.getByRole('link', {name: facts.subject}).waitFor();
  await close();
});

test('an agreement shows its words beside its rules, and how often a clause was used', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Quy chế'}).click();
  await page.getByRole('link', {name: /Quy chế phối hợp giữa Ban Tuyên giáo/}).click();
  const clause = page.getByRole('listitem').filter({hasText: '§ toa-an-truoc-xet-xu'});
  await clause.getByText('Cung cấp thông tin trước và sau khi xét xử').waitFor();
  await clause.getByText(/^Tòa án nhân dân huyện →.*Ban Tuyên giáo Huyện ủy$/).waitFor();
  await clause.getByRole('link', {name: /1 chấp nhận/}).waitFor();
  await close();
});

test('who read a body is told within one click of the menu, with the reason and the way to the document', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Nhật ký truy cập'}).click();
  await page.getByLabel('Đã làm gì').selectOption({label: 'Đọc nội dung văn bản'});
  await page.waitForURL(/kind=body-read/);
  const row = page.getByRole('table', {name: 'Nhật ký truy cập'}).getByRole('row').filter({hasText: 'khiếu nại số 7'});
  await row.getByText('administrator:').waitFor();
  // Exactly: the key's name above it may hold the same digits.
  await row.getByText(facts.read.toLocaleString('vi-VN'), {exact: true}).waitFor();
  await row.getByRole('link').click();
  await page.waitForURL(new RegExp(`documents/${facts.delivered}`));
  await page.getByRole('link', {name: 'Ai đã đọc nội dung văn bản này'}).click();
  await page.getByText('khiếu nại số 7').waitFor();
  await close();
});

test('a figure of a report leads to exactly the rows that it counts', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Báo cáo', exact: true}).click();
  const figures = page.getByRole('table', {name: 'Số liệu theo điều khoản, nơi gửi và nơi nhận'});
  const line = figures.getByRole('row').filter({hasText: 'toa-an.huyen'}).filter({hasText: 'toa-an-truoc-xet-xu'});
  await line.getByRole('cell').nth(2).getByRole('link', {name: '1', exact: true}).click();
  await page.waitForURL(/clause=toa-an-truoc-xet-xu/);
  const rows = page.getByRole('table', {name: 'Nhật ký giao'}).getByRole('row');
  await rows.nth(2).waitFor({state: 'detached'});
  await rows.nth(1).getByRole('link', {name: facts.delivered.toLocaleString('vi-VN')}).waitFor();
  await page.getByRole('button', {name: /Điều khoản: toa-an-truoc-xet-xu/}).waitFor();
  await close();
});

test('a report is saved for printing, for spreadsheets and for programs', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Báo cáo', exact: true}).click();
  for (const [button, file, text] of [['Tải bản in (HTML)', 'deliveries.html', 'Báo cáo giao nhận văn bản'],
    ['Tải nhật ký giao (CSV)', 'deliveries.csv', 'seconds_to_deliver'], ['Tải số liệu (CSV)', 'delivery-figures.csv', 'deliver_p95_seconds'],
    ['Tải tất cả (JSON)', 'deliveries.json', '"sendings"']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: button}).click()]);
    assert.equal(download.suggestedFilename(), file);
    assert.match(readFileSync(await download.path(), 'utf8'), new RegExp(text));
  }
  await close();
});

test('a party is told which permissions it never used and who read its documents', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('link', {name: 'Báo cáo', exact: true}).click();
  await page.getByLabel('Cơ quan gửi hoặc nhận').selectOption('toa-an.huyen');
  await page.getByRole('heading', {name: /trong \d+ quyền gửi của hoặc đến cơ quan này chưa dùng/}).waitFor();
  await page.getByRole('table', {name: 'Quyền gửi chưa dùng'}).getByRole('row').nth(1).waitFor();
  await page.getByRole('table', {name: 'Ai đã đọc nội dung văn bản của cơ quan này'}).getByText('khiếu nại số 7').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Tải các trường không cần (CSV)'}).click()]);
  assert.match(readFileSync(await download.path(), 'utf8'), /toa-an-truoc-xet-xu,toa-an\.huyen,btg\.huyen,court,1,/);
  const field = page.getByRole('table', {name: 'Trường đã được gửi mà điều khoản không cần'}).getByRole('row').filter({hasText: 'court'});
  await field.getByRole('link', {name: '1', exact: true}).click();
  await page.waitForURL(/#\/documents\?.*unneeded=court/);
  await page.getByRole('button', {name: /Trường không cần: court/}).waitFor();
  await page.getByRole('link', {name: facts.subject}).click();
  await page.getByText('Trường không cần: court').waitFor();
  await close();
});

async function drop(page, file) {
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.tlog-proof'));
    return transfer;
  }, readFileSync(file, 'utf8'));
  await page.locator('.drop').dispatchEvent('drop', {dataTransfer: dropped});
}

// The requests that the browser makes while it checks are counted.
async function verify(opened, file, key = facts.key) {
  const {page, requests} = opened;
  await show(page, 'evidence');
  await page.getByLabel('Khóa của cây').fill(key);
  const before = requests.length;
  if (typeof file === 'string') await drop(page, file);
  else await page.getByLabel('Tệp biên nhận').setInputFiles(file);
  const verdict = page.getByRole('status').filter({hasText: /Biên nhận (không )?đúng/});
  await verdict.waitFor();
  assert.equal(requests.length, before);
  return verdict;
}

test('every receipt is verified by the browser itself, down to the agreement', async () => {
  const opened = await openSignedIn(WINDOWS[2]);
  assert.equal(facts.receipts.length, 2);
  for (const file of facts.receipts) {
    const verdict = await verify(opened, file);
    await verdict.getByText('Biên nhận đúng').waitFor();
    for (const step of ['Trung tâm đã ký điểm kiểm', 'Bản ghi nằm trong cây', 'Kết quả xét văn bản', 'Đơn vị gửi đã ký văn bản',
      'Khóa gốc của đơn vị gửi chứng nhận khóa ký', 'Quy chế có điều khoản ấy và nêu khóa gốc ấy'])
      await verdict.getByText(step).waitFor();
    assert.equal(await tooWide(opened.page), false);
    assert.deepEqual(await violations(opened.page), []);
  }
  await opened.close();
});

test('a receipt with another byte or another key does not hold, and the first step that fails is named', async () => {
  const opened = await openSignedIn();
  const lines = readFileSync(facts.receipts[0], 'utf8').split('\n');
  const changed = (at) => lines.map((line, i) => (i === at ? line.replace(/.(?=.{8}$)/, (letter) => (letter === 'A' ? 'B' : 'A')) : line)).join('\n');
  const buffer = (text) => ({name: 'changed.tlog-proof', mimeType: 'text/plain', buffer: Buffer.from(text)});
  const root = lines.indexOf('') + 3;
  for (const [text, step] of [[changed(1), /nằm trong cây|đã ký|Kết quả|Khóa gốc|Quy chế/], [changed(root), 'Trung tâm đã ký điểm kiểm'], ['nothing', 'Trung tâm đã ký điểm kiểm']]) {
    const verdict = await verify(opened, buffer(text));
    await verdict.getByText('Biên nhận không đúng').waitFor();
    await verdict.getByText('Cần làm:').waitFor();
    await verdict.getByRole('listitem').filter({hasText: '✗'}).filter({hasText: step}).waitFor();
  }
  const other = facts.key.replace(/\+[0-9a-f]{8}\+/, '+00000000+');
  await (await verify(opened, facts.receipts[0], other)).getByText('Khóa của cây đọc được').waitFor();
  await opened.close();
});

test('the language is switched, and stays', async () => {
  const {page, close} = await openSignedIn();
  await page.getByRole('button', {name: 'English'}).click();
  await page.getByRole('heading', {name: 'Documents'}).waitFor();
  assert.match(await page.locator('time').first().innerText(), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  await page.reload();
  await page.getByRole('heading', {name: 'Documents'}).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await close();
});

test('the keyboard alone leads to a document', async () => {
  const {page, close} = await openSignedIn();
  await page.reload();
  const found = page.getByRole('link', {name: facts.subject}).first();
  await found.waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Đến nội dung');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 40 && !(await found.evaluate((one) => one === document.activeElement)); ++i) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'Diễn biến'}).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await close();
});

for (const at of WINDOWS)
  test(`axe finds nothing and nothing is cut off at ${at.width} px, ${at.scheme}`, async () => {
    const {page, requests, complaints, close} = await openSignedIn(at);
    for (const hash of PAGES) {
      await show(page, hash);
      assert.deepEqual(await violations(page), [], hash);
      assert.equal(await tooWide(page), false, `${hash} is too wide`);
      const name = hash.replaceAll(/[^a-z0-9]+/g, '-');
      await page.screenshot({path: `${facts.screenshots}/${at.width}-${at.scheme}/${name}.png`, fullPage: true});
    }
    assert.deepEqual(requests.filter((url) => !url.startsWith(`${facts.base}/`)), []);
    assert.deepEqual(complaints, []);
    await close();
  });

// The time is told and not judged: it is the machine's as much as ours.
test('the first page needs little script', async (context) => {
  const {page, requests, close} = await openSignedIn();
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  const scripts = await Promise.all(requests.filter((url) => url.endsWith('.js')).map(async (url) => (await page.request.get(url)).body()));
  const bytes = scripts.reduce((sum, one) => sum + one.length, 0);
  assert.ok(bytes > 0 && bytes < SCRIPT_BYTES_MAX, `${bytes} bytes of script`);
  await page.reload();
  await page.getByRole('table', {name: 'Văn bản'}).waitFor();
  const ms = await page.evaluate(() => Math.round(performance.now()));
  context.diagnostic(`${bytes} bytes of script, a table of documents after ${ms} ms`);
  await close();
});
