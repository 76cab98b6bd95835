import type { ServerResponse } from 'node:http';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { EventStreams } from '../../src/adapters/http/event-streams.ts';
import { fieldError } from '../../src/domain/errors.ts';
import type { JobEvent, JobStep } from '../../src/domain/job/job.ts';
import { isObject } from '../../src/domain/json.ts';
import type { ApiRequest } from '../../src/domain/rest/request.ts';
import type { Delivery } from '../../src/domain/runtime/ports.ts';
import type { Reply } from '../../src/domain/runtime/requests/reply.ts';
import type { SensorRuntime } from '../../src/domain/runtime/sensor-runtime.ts';
import type { NodeContext } from '../shared/define-node.ts';
import type { DeliveryMessage } from '../shared/messages.ts';
import { errorReply, type HttpReply, reply } from '../shared/reply.ts';

type Message = Record<string, unknown>;

/** What a runtime node has. */
export interface Served {
  readonly runtime: SensorRuntime;
  readonly streams: EventStreams;
  readonly garden: Garden;
}

/** Hands a message of the wires to the part of the runtime that it is for; a promise is for an answer that takes time. */
export function dispatch(
  context: NodeContext<unknown>,
  served: Served,
  message: Message,
): Promise<void> | undefined {
  if (message['request'] !== undefined) return answer(context, served, message);
  const { runtime } = served;
  const { topic, payload } = message;
  if (typeof topic !== 'string') throw fieldError('topic', 'must be a text');
  if (topic === 'job/step') runtime.jobStep(objectOf<JobStep>(payload));
  else if (topic.startsWith('job/')) runtime.jobEvent(objectOf<JobEvent>(payload));
  else if (topic === 'delivery') report(runtime, objectOf<DeliveryMessage['payload']>(payload));
  else if (topic === 'broker/connected') connected(runtime, payload);
  // Other events of brokers and plugins concern whoever watches the wire; agent types come through the garden.
  else if (!/^(?:broker|plugin)\//.test(topic)) runtime.received(topic, payload, message['retain'] === true);
  return undefined;
}

/** Of RIPE's own nodes; a node on the wire may have lost it. */
function objectOf<Payload>(payload: unknown): Payload {
  if (!isObject(payload)) throw fieldError('payload', 'must be an object');
  return payload as Payload;
}

/** One that joins others has got every vector from the pool. */
function connected(runtime: SensorRuntime, payload: unknown): void {
  if (!isObject(payload) || payload['restored'] !== true) runtime.brokerConnected(connectedAt(payload));
}

/** A node on the wire may have lost it: then it is news. */
function connectedAt(payload: unknown): number | undefined {
  const at = isObject(payload) ? payload['at'] : undefined;
  return typeof at === 'number' ? at : undefined;
}

function report(runtime: SensorRuntime, { delivery, ok }: DeliveryMessage['payload']): void {
  if (!isDelivery(delivery)) return;
  if (ok) runtime.delivered(delivery);
  else runtime.undelivered(delivery);
}

function isDelivery(value: unknown): value is Delivery {
  const { sensor, sequence, envelope } = (value ?? {}) as Record<keyof Delivery, unknown>;
  const isOfOne = envelope === undefined || typeof envelope === 'string';
  return typeof sensor === 'number' && typeof sequence === 'number' && isOfOne;
}

/** Without a further turn where the runtime answers at once. */
function answer(context: NodeContext<unknown>, served: Served, message: Message): Promise<void> | undefined {
  const tell = (answered: HttpReply | null) => {
    if (answered === null) return;
    const { request, ...rest } = message;
    served.garden.metrics.answered((request as ApiRequest).operation, answered.statusCode);
    sendAnswer(context, { ...rest, ...answered });
  };
  const made = (answer: Reply) => httpReply(served, message, answer);
  const failed = (error: unknown) => errorReply(error, context.log);
  let answered: HttpReply | null;
  try {
    const answer = served.runtime.request(message['request'] as ApiRequest);
    if (answer instanceof Promise) return answer.then(made).catch(failed).then(tell);
    answered = made(answer);
  } catch (error) {
    answered = failed(error);
  }
  tell(answered);
  return undefined;
}

/** null: it is a stream, which has begun. */
function httpReply({ streams, garden }: Served, message: Message, answer: Reply): HttpReply | null {
  if (answer.streamOf === undefined) return reply(answer);
  stream(streams, message, answer.streamOf);
  garden.metrics.answered('events', 200);
  return null;
}

/** What came over HTTP is for an `http response`, which takes nothing else. */
function sendAnswer({ send }: NodeContext<unknown>, answer: Message): void {
  if (answer['res'] === undefined) send(undefined, undefined, undefined, undefined, answer);
  else send(undefined, undefined, answer);
}

/** The connection of `http in` stays open; there is nothing for an `http response`. */
function stream(streams: EventStreams, { request, res }: Message, sensor: number): void {
  const response = (res as { _res?: ServerResponse } | undefined)?._res;
  if (response === undefined)
    throw fieldError('res', 'must be of an http in node: events come out of output 4');
  const { locale, lastEventId } = request as ApiRequest;
  streams.open(response, sensor, locale, lastEventId);
}
