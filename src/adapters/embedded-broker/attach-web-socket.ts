import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';

export interface WebSocketOptions {
  /** Takes the stream of a new WebSocket: the broker's `serve`. */
  serve(stream: Duplex, request: IncomingMessage): void;
  /** The prefix of Node-RED's own routes, e.g. `/garden`. */
  httpNodeRoot?: string;
  /** A frame may hold several packets; each of them is looked at later. */
  largestFrameBytes?: number;
}

const LARGEST_FRAME_BYTES = 524_288;

/** In the order of preference; the two old names are what libraries for MQTT 3.1 offer. */
const SUBPROTOCOLS = ['mqtt', 'mqttv3.1', 'mqttv3.11'];

/**
 * Serves MQTT at `<httpNodeRoot>/mqtt`, and at `/`, which is where the app goes. Only upgrades that offer an
 * MQTT subprotocol are taken: the editor, dashboards and others listen to the same server.
 */
export function attachWebSocket(server: HttpServer, options: WebSocketOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.largestFrameBytes ?? LARGEST_FRAME_BYTES,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  const paths = ['/', `${(options.httpNodeRoot ?? '').replace(/\/+$/, '')}/mqtt`];
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!paths.includes(pathOf(request)) || !offersMqtt(request)) return;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      options.serve(createWebSocketStream(webSocket), request);
    });
  };
  server.on('upgrade', onUpgrade);
  return () => {
    server.off('upgrade', onUpgrade);
    for (const webSocket of sockets.clients) webSocket.terminate();
    sockets.close();
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

function offersMqtt(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => SUBPROTOCOLS.includes(name.trim()));
}
