import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { EmbeddedBroker } from '../../src/adapters/embedded-broker/embedded-broker.ts';
import type { Certificate } from './certificates.ts';

/** Serves a broker over TLS, as MQTT or as MQTT over WebSocket; ends after each test. Answers the port. */
export function useSecureServer(
  broker: () => EmbeddedBroker,
): (certificate: Certificate, scheme: 'mqtts' | 'wss') => Promise<number> {
  const open: Server[] = [];
  const sockets = new Set<{ destroy(): void }>();
  afterEach('stop the secure servers', async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });
  return async (certificate, scheme) => {
    const server = scheme === 'mqtts' ? tlsServer(certificate, broker) : webServer(certificate, broker);
    server.on('connection', (socket) => sockets.add(socket));
    server.on('tlsClientError', () => undefined);
    open.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
}

function tlsServer(certificate: Certificate, broker: () => EmbeddedBroker): Server {
  return createTls({ ...certificate }, (socket) => {
    socket.on('error', () => undefined);
    broker().serve(socket);
  });
}

function webServer(certificate: Certificate, broker: () => EmbeddedBroker): Server {
  const server = createHttps({ ...certificate });
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' });
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => undefined);
    broker().serve(stream, request);
  });
  return server;
}
