// Receives claimwire's webhooks with nothing but Node (22.18 or newer runs it as it is).
//
//     CLAIMWIRE_SECRET=whsec_… node receive.ts 8000

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';

type Kind =
  | 'asserted' | 'corroborated' | 'revised' | 'superseded' | 'conflicted'
  | 'merged' | 'split' | 'finalized' | 'withdrawn' | 'retracted';

interface Change {
  id: string;
  change: Kind;
  known_at: string;
  claim: { id: string; series_id: string; measure: string; text: string; value: number | null };
}

type Message =
  | { type: `claim.${Kind}`; timestamp: string; data: { sequence: number; change: Change } }
  | { type: 'stream.gap'; timestamp: string; data: { after: number; first: number; restart: string } };

const secret = Buffer.from((process.env.CLAIMWIRE_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
const seen = new Set<string>(); // keep it in your database

function verify(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const id = String(headers['webhook-id']), sent = Number(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - sent) <= 300)) return false;
  const want = createHmac('sha256', secret).update(`${id}.${sent}.`).update(body).digest();
  return String(headers['webhook-signature']).split(' ').some((s) => {
    const given = Buffer.from(s.replace(/^v1,/, ''), 'base64');
    return given.length === want.length && timingSafeEqual(given, want);
  });
}

createServer(async (req, res) => {
  const parts: Buffer[] = [];
  for await (const p of req) parts.push(p);
  const body = Buffer.concat(parts);
  if (!verify(req.headers, body)) return void res.writeHead(401).end();
  const id = String(req.headers['webhook-id']);
  if (!seen.has(id)) {
    const message: Message = JSON.parse(body.toString());
    if (message.type === 'stream.gap') console.log('read the list again:', message.data.restart);
    else console.log(message.type, message.data.change.claim.text);
    seen.add(id);
  }
  res.writeHead(204).end(); // only now: an error before it has the message sent again
}).listen(Number(process.argv[2]), '127.0.0.1');
