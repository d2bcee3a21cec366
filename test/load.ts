// Drives a webhook over real HTTP from a process of its own, so that generator and server share no event loop:
// `node test/load.ts feishu|slack URL COUNT` prints one JSON line.
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { webhookCall } from './fakes/feishu/webhook.ts';

const [platform = '', address = '', count = '0'] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(address);
const connections = 50;
const text = '同步昨天的订单，只要天猫旗舰店的'.repeat(4);

function feishu(n: number): { body: string; headers: Record<string, string> } {
  return webhookCall({
    sender: { sender_id: { open_id: 'ou_1' }, sender_type: 'user' },
    message: {
      message_id: `om_${process.pid}_${n}`,
      chat_id: `oc_${n % 50}`,
      chat_type: 'p2p',
      message_type: 'text',
      content: JSON.stringify({ text }),
    },
  });
}

/** An event as Slack signs it: `v0:timestamp:body` under the signing secret. */
function slack(n: number): { body: string; headers: Record<string, string> } {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: 'T1',
    api_app_id: 'A1',
    event_id: `Ev${n}`,
    event: { type: 'app_mention', user: 'U1', channel: `C${n % 50}`, ts: `${n}.1`, text },
  });
  const signature = createHmac('sha256', 'secret').update(`v0:${timestamp}:${body}`).digest('hex');
  return { body, headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` } };
}

const requests = Array.from({ length: Number(count) }, (_, n) => {
  const { body, headers } = (platform === 'slack' ? slack : feishu)(n);
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${hostname}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
});

const waits: number[] = [];
let good = 0;
let next = 0;

/** One connection that is kept, one request at a time. */
async function drive(): Promise<void> {
  const socket = connect(Number(port), hostname).setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    let from = 0;
    let heard = '';
    const ask = (): void => {
      const request = requests[next];
      next += 1;
      if (!request) return void socket.end(resolve);
      from = performance.now();
      socket.write(request);
    };
    socket.on('error', reject).once('connect', ask);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      const head = heard.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = /content-length: (\d+)/i.exec(heard.slice(0, head))?.[1];
      const whole = length === undefined ? heard.endsWith('0\r\n\r\n') : heard.length >= head + 4 + Number(length);
      if (!whole) return;
      waits.push(performance.now() - from);
      if (heard.startsWith('HTTP/1.1 200')) good += 1;
      heard = '';
      ask();
    });
  });
}

const began = performance.now();
await Promise.all(Array.from({ length: connections }, drive));
const seconds = (performance.now() - began) / 1000;
waits.sort((a, b) => a - b);
const at = (share: number): number => Math.round((waits[Math.floor(waits.length * share)] ?? 0) * 10) / 10;
process.stdout.write(
  `${JSON.stringify({ perSecond: Math.round(requests.length / seconds), p50Ms: at(0.5), p99Ms: at(0.99), refused: requests.length - good })}\n`,
);
