import Type from 'typebox';
import { compileCheck } from '../../src/domain/check.ts';
import type { HomeAnnouncement, HomeAssistantPorts } from '../../src/domain/runtime/home/home-ports.ts';

/**
 * What RIPE announces, by the documentation of Home Assistant: a device discovery payload
 * (https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload, `DEVICE_DISCOVERY_SCHEMA` in
 * homeassistant/components/mqtt/schemas.py), and the options of the platforms sensor, switch and number
 * (https://www.home-assistant.io/integrations/sensor.mqtt/, …/switch.mqtt/, …/number.mqtt/). Home Assistant ignores what
 * it does not know; here that is an error.
 */
const text = Type.String({ minLength: 1 });
const publishTopic = Type.String({ pattern: '^[^+#\\u0000]+$' });
const strict = { additionalProperties: false };
const entity = { unique_id: Type.String({ pattern: '^\\S+$' }), name: Type.Optional(text) };

const Metric = Type.Object(
  {
    platform: Type.Literal('sensor'),
    ...entity,
    state_topic: publishTopic,
    device_class: Type.Union(
      ['battery', 'moisture', 'temperature', 'humidity', 'carbon_dioxide', 'conductivity', 'illuminance'].map(
        (name) => Type.Literal(name),
      ),
    ),
    state_class: Type.Literal('measurement'),
    unit_of_measurement: text,
    value_template: Type.String({ pattern: '^\\{\\{ value_json\\.[a-z]+ \\}\\}$' }),
    expire_after: Type.Integer({ minimum: 1 }),
    entity_category: Type.Optional(Type.Literal('diagnostic')),
  },
  strict,
);
const Reading = Type.Object(
  { platform: Type.Literal('sensor'), ...entity, state_topic: publishTopic },
  strict,
);
const Switch = Type.Object(
  {
    platform: Type.Literal('switch'),
    ...entity,
    state_topic: publishTopic,
    command_topic: publishTopic,
    payload_on: text,
    payload_off: text,
  },
  strict,
);
const NumberBox = Type.Object(
  {
    platform: Type.Literal('number'),
    ...entity,
    state_topic: publishTopic,
    command_topic: publishTopic,
    min: Type.Number(),
    max: Type.Number(),
    step: Type.Number({ minimum: 0.001 }),
    mode: Type.Union([Type.Literal('auto'), Type.Literal('box'), Type.Literal('slider')]),
    unit_of_measurement: Type.Optional(text),
  },
  strict,
);
/** With its platform alone, a component is taken away. */
const Removed = Type.Object({ platform: text }, strict);

export const DiscoverySchema = Type.Object(
  {
    device: Type.Object(
      {
        identifiers: Type.Array(text, { minItems: 1 }),
        name: text,
        manufacturer: Type.Optional(text),
        model: Type.Optional(text),
      },
      strict,
    ),
    origin: Type.Object(
      { name: text, sw_version: Type.Optional(text), support_url: Type.Optional(text) },
      strict,
    ),
    availability: Type.Array(Type.Object({ topic: publishTopic }, strict), { minItems: 1 }),
    availability_mode: Type.Union([Type.Literal('all'), Type.Literal('any'), Type.Literal('latest')]),
    components: Type.Record(Type.String(), Type.Union([Metric, Reading, Switch, NumberBox, Removed])),
  },
  strict,
);

const checkDiscovery = compileCheck(DiscoverySchema, 'discovery');

/** The device classes of Home Assistant with the units that it takes for them. */
export const UNITS: Readonly<Record<string, string>> = {
  battery: '%',
  moisture: '%',
  temperature: '°C',
  humidity: '%',
  carbon_dioxide: 'ppm',
  conductivity: 'µS/cm',
  illuminance: 'lx',
};

export interface Component {
  readonly platform: string;
  readonly [option: string]: unknown;
}

export interface Device {
  readonly device: Readonly<Record<string, unknown>>;
  readonly availability: readonly { readonly topic: string }[];
  readonly components: Record<string, Component>;
}

/** A Home Assistant that is told things: what it would show. */
export class FakeHome {
  readonly messages: HomeAnnouncement[] = [];
  /** What its broker retains. */
  readonly retained = new Map<string, string>();
  isConnected: () => boolean = () => true;

  ports(): HomeAssistantPorts {
    return {
      prefix: 'homeassistant',
      silentMs: 3_600_000,
      garden: () => 'g1',
      isConnected: () => this.isConnected(),
      publish: (announcement) => this.receive(announcement),
    };
  }

  receive(announcement: HomeAnnouncement): void {
    const { topic, payload } = announcement;
    if (topic.endsWith('/config') && payload !== '') checkDiscovery(JSON.parse(payload));
    this.messages.push(announcement);
    if (payload === '') this.retained.delete(topic);
    else this.retained.set(topic, payload);
  }

  get devices(): string[] {
    return [...this.retained.keys()].filter((topic) => topic.endsWith('/config'));
  }

  /** The discovery message of a sensor, whatever the id of its garden. */
  deviceOf(sensor: number): Device | undefined {
    const topic = this.devices.find((each) => each.endsWith(`_${sensor}/config`));
    const payload = topic === undefined ? undefined : this.retained.get(topic);
    return payload === undefined ? undefined : (JSON.parse(payload) as Device);
  }

  components(sensor: number): Record<string, Component> {
    return this.deviceOf(sensor)?.components ?? {};
  }

  /** The payloads that a topic got, in their order. */
  said(topic: string): string[] {
    return this.messages.filter((message) => message.topic === topic).map(({ payload }) => payload);
  }
}
