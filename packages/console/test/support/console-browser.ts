import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { chromium, type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';

import { startProcess, type GatewayProcess } from '../../../gateway/test/support/gateway-process.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const EXECUTABLE = CHROMIUM.find((file) => existsSync(file));

/** Longest wait for anything on a page: a test that waits longer has found something. */
const PATIENCE_MS = 15_000;

/** So often in a row nothing may be on its way before a page counts as whole. */
const CALM_LOOKS = 3;

/** Why tests in a browser are passed over; false where they are not. */
export const NO_BROWSER: string | false =
  EXECUTABLE === undefined && 'No Chromium here: apt-get install -y --no-install-recommends chromium';

export const PASSWORD = 'canary-password-of-the-console';

/** A real gateway with its console, and a browser to look at it. */
export interface ConsoleStage {
  readonly url: string;
  readonly gateway: GatewayProcess;
  /** A window of its own: no cookie of another. */
  open(options?: WindowOptions): Promise<Window>;
  /** A user with a role, made by the administrator; the password is `PASSWORD`. */
  addUser(username: string, role: string): Promise<void>;
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
}

/** One window and what went wrong in it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and of the console, breaches of the policy, requests to elsewhere. */
  readonly troubles: string[];
  signIn(username?: string, password?: string): Promise<void>;
  /** Goes to an address and waits until it has its data. */
  visit(path: string): Promise<void>;
  /** Waits until the page has asked for all that it wants and has it. */
  settle(): Promise<void>;
  /** Fails with whatever went wrong so far. */
  assertSound(): void;
  /** Fails with what somebody with a screen reader, a keyboard or weak eyes would trip over. */
  assertAccessible(): Promise<void>;
  close(): Promise<void>;
}

/** Starts both, where the guide of the first run has been left already. Close it after the tests. */
export async function startConsole(environment: Readonly<Record<string, string>> = {}): Promise<ConsoleStage> {
  const stage = await startFresh({ ADMIN_PASSWORD: PASSWORD, ...environment });
  const token = await tokenOf(stage.url);
  const left = await send(stage.url, 'PUT /api/auth/me', { preferences: { firstRunSeen: true } }, token);
  assert.equal(left.status, 200, await left.text());
  return stage;
}

/** Starts both as somebody does who has just installed the gateway: with the password that it prints. */
export async function startFresh(environment: Readonly<Record<string, string>> = {}): Promise<ConsoleStage> {
  assert.ok(EXECUTABLE, 'Ask NO_BROWSER first.');
  const gateway = await startProcess({
    API_RATE_LIMIT_MAX: '0',
    AUTH_RATE_LIMIT: '0',
    ...environment,
  });
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
  return {
    url: gateway.url,
    gateway,
    open: (options) => openWindow(browser, gateway.url, options),
    addUser: (username, role) => addUser(gateway.url, username, role),
    close: async () => {
      await browser.close();
      await gateway.stop();
      await gateway.remove();
    },
  };
}

async function openWindow(browser: Browser, url: string, options: WindowOptions = {}): Promise<Window> {
  const { width = 1440, height = 900, theme = 'light' } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const troubles: string[] = [];
  page.on('console', (message) => {
    // A refused request is the answer that a page shows; the browser names it besides.
    const isRefusal = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isRefusal) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(?:data|blob):/.test(request.url()))
      troubles.push(`elsewhere: ${request.url()}`);
  });
  const asked = requestsOf(page);
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`),
    );
  });
  return {
    page,
    context,
    troubles,
    visit: async (path) => {
      asked.clear();
      await visit(page, path);
      await settle(page, asked);
    },
    settle: () => settle(page, asked),
    signIn: async (username = 'admin', password = PASSWORD) => {
      await page.goto('/sign-in');
      await page.getByLabel('User name or e-mail address').fill(username);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page
        .getByRole('navigation', { name: 'Sections' })
        .or(page.getByLabel('Open the navigation'))
        .first()
        .waitFor();
    },
    assertSound: () => assert.deepEqual(troubles, []),
    assertAccessible: () => assertAccessible(page),
    close: () => context.close(),
  };
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('h1, [role=alert], form').first().waitFor();
}

/** Requests of a page that are on their way. A stream of events is none: it is to last. */
function requestsOf(page: Page): Set<Request> {
  const asked = new Set<Request>();
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') asked.add(request);
  });
  for (const ended of ['requestfinished', 'requestfailed'] as const)
    page.on(ended as 'requestfinished', (request) => asked.delete(request));
  return asked;
}

/** What an answer brings may ask for more once it is drawn: some frames in a row have nothing on its way. */
async function settle(page: Page, asked: ReadonlySet<Request>): Promise<void> {
  const endsMs = performance.now() + PATIENCE_MS;
  for (let calm = 0; calm < CALM_LOOKS; calm = asked.size === 0 ? calm + 1 : 0) {
    assert.ok(performance.now() < endsMs, `Still asks for ${[...asked].map((each) => each.url()).join(', ')}`);
    // oxlint-disable-next-line no-await-in-loop
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
    );
  }
  await page.evaluate(() => document.fonts.ready);
}

interface Found {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

async function assertAccessible(page: Page): Promise<void> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  const found = (await page.evaluate(
    'axe.run({ resultTypes: ["violations"] }).then((done) => done.violations)',
  )) as Found[];
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n  ${nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`)
        .join('\n  ')}`,
  );
  assert.deepEqual(told, []);
}

async function addUser(url: string, username: string, role: string): Promise<void> {
  const made = await send(
    url,
    'POST /api/admin/users',
    { username, email: `${username.replaceAll(/[^\w-]+/g, '-')}@example.com`, password: PASSWORD, role },
    await tokenOf(url),
  );
  assert.equal(made.status, 201, await made.text());
}

/** An access token of the administrator. */
export async function tokenOf(url: string): Promise<string> {
  const login = await send(url, 'POST /api/auth/login', { username: 'admin', password: PASSWORD });
  return ((await login.json()) as { readonly token: string }).token;
}

function send(url: string, route: string, body: object, token?: string): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  return fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
}
