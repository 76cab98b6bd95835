import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';

export interface Received {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
}

export interface MqttClients {
  /** A client of a broker on this machine, ended after the test. */
  connect(port: number, options?: IClientOptions): Promise<MqttClient>;
  /** What a new client gets of a topic from now on. */
  listen(port: number, topic: string): Promise<Received[]>;
}

export function useMqttClients(): MqttClients {
  const clients: MqttClient[] = [];
  afterEach('end the MQTT clients', async () => {
    for (const client of clients.splice(0)) await client.endAsync(true);
  });
  async function connect(port: number, options: IClientOptions = {}): Promise<MqttClient> {
    const login = { username: 'any', password: 'thing' };
    const client = await connectAsync({
      protocol: 'mqtt',
      host: '127.0.0.1',
      port,
      reconnectPeriod: 0,
      ...login,
      ...options,
    });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }
  return {
    connect,
    async listen(port, topic) {
      const received: Received[] = [];
      const client = await connect(port);
      client.on('message', (to, payload, { qos, retain }) => {
        received.push({ topic: to, payload, qos, retain });
      });
      await client.subscribeAsync(topic, { qos: 2 });
      return received;
    },
  };
}
