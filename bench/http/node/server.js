// node:http and rate-limiter-flexible, in memory or with --redis PORT. Parses a check as Limiter does and answers as many
// bytes. Its limiters count fixed windows that begin with a caller's first request.
'use strict';
const http = require('node:http');
const { parseArgs } = require('node:util');
const { RateLimiterMemory, RateLimiterRedis } = require('rate-limiter-flexible');

const { values } = parseArgs({
  options: {
    port: { type: 'string' }, rich: { type: 'string' }, poor: { type: 'string' }, redis: { type: 'string' },
  },
});
const client = values.redis && new (require('ioredis'))({ host: '127.0.0.1', port: Number(values.redis) });

function limiterOf(name, number) {
  const options = { keyPrefix: name, points: Number(number), duration: 60 };
  return client ? new RateLimiterRedis({ ...options, storeClient: client }) : new RateLimiterMemory(options);
}

const rich = limiterOf('rich', values.rich);
const poor = limiterOf('poor', values.poor);
const checkId = 'AVC1m1SZFBspiXFnAaIBAAABAAAAAAAAAAQAYWNtZQAAAAAIAHN0YW5kYXJkAQAqfYNj4wwtaJPpzYc9sPcU-A';
const denied = '{"error":"rate_limit_exceeded"}';

function send(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

async function decide(text, response) {
  const { tenant, cost = 1 } = JSON.parse(text);
  const limiter = tenant.startsWith('poor') ? poor : rich;
  let left;
  try {
    left = await limiter.consume(tenant, cost);
  } catch (refusal) {
    // A refusal is a result object; an Error is a failure of the store or of this program.
    send(response, refusal instanceof Error ? 500 : 429, refusal instanceof Error ? String(refusal) : denied);
    return;
  }
  send(response, 200, JSON.stringify({
    decision: 'allowed', tenant, plan: 'rich', group: 'standard', cost, mode: 'leased',
    limits: [{
      name: 'minute', limit: limiter.points, remaining: left.remainingPoints,
      resetsAt: '1970-01-01T00:00:00+00:00',
    }],
    checkId,
  }));
}

const server = http.createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (part) => { text += part; });
  request.on('end', () => decide(text, response).catch((failure) => send(response, 400, String(failure))));
});
server.keepAliveTimeout = 300_000;
server.listen(Number(values.port), '127.0.0.1', 4096);
process.on('SIGTERM', () => process.exit(0));
