// Makes the pictures of docs/console.md again: npm run console:pictures
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Server } from './mock_server.mjs';
import { workingDay } from './scene.mjs';
import { launchBrowser, openIn, screenshot } from './support.mjs';

const kDocs = pathToFileURL(fileURLToPath(new URL('../../../docs/images/', import.meta.url)));
const browser = await launchBrowser();
const server = await new Server().start();
const ada = server.desk.addOperator({ login: 'ada', name: 'Ada', role: 'admin' });
const { main } = workingDay(server.desk);

async function picture(name, { path, see, first, width = 1280, height = 760, colorScheme = 'light' }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' });
  await context.addCookies([{ name: 'beckon_console', value: server.signIn(ada), url: server.origin + '/console' }]);
  const tab = await openIn(context, server, path);
  await first?.(tab);
  await tab.locator(see).first().waitFor();
  await tab.waitForTimeout(300); // the visitor's details come behind the conversation
  await screenshot(tab, name, kDocs);
  await context.close();
}

const item = `/console/mine/shop/${main.row.id}`;
await picture('console', { path: item, see: '.visitor .path' });
await picture('console-dark', { path: item, see: '.visitor .path', colorScheme: 'dark' });
await picture('console-waiting', { path: '/console/waiting', see: '.row', width: 390, height: 700 });
await picture('console-phone', { path: item, see: '.bubble', width: 390, height: 700 });
await picture('console-transfer', { path: item, see: 'dialog', first: (tab) => tab.locator('.pane-header button.collapses').first().click() });
await picture('console-operators', { path: '/console/operators', see: '.grid tbody', height: 420 });
await browser.close();
await server.stop();
