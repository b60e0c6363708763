// A line that breaks: passes bytes on, both ways, and cuts connections after a random number of them.
import { connect, createServer } from 'node:net';

export class CuttingProxy {
  /** `least` to `most` bytes pass before a cut while `cutting`. */
  static async start(port, { least = 200, most = 6000 } = {}) {
    const proxy = new CuttingProxy();
    Object.assign(proxy, { least, most, cutting: false, cuts: 0, open: new Set() });
    proxy.server = createServer((client) => proxy.accept(client, port));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    proxy.url = `http://127.0.0.1:${proxy.port}`;
    return proxy;
  }

  accept(client, port) {
    const line = { client, server: connect(port, '127.0.0.1'), left: this.least + Math.floor(Math.random() * (this.most - this.least)) };
    this.open.add(line);
    const end = () => {
      this.open.delete(line);
      client.destroy();
      line.server.destroy();
    };
    for (const [from, to] of [[client, line.server], [line.server, client]]) {
      from.on('data', (data) => {
        if (this.cutting && data.length >= line.left) {
          // What came before the cut still arrives, however little of a frame that is.
          to.write(data.subarray(0, line.left), end);
          ++this.cuts;
          line.left = Infinity;
          return;
        }
        if (this.cutting) line.left -= data.length;
        to.write(data);
      });
      from.on('error', end);
      from.on('close', end);
    }
  }

  stop() {
    for (const { client, server } of this.open) {
      client.destroy();
      server.destroy();
    }
    return new Promise((resolve) => this.server.close(resolve));
  }
}
