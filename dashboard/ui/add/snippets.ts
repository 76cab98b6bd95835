import type { BrokerAddress, Credentials } from '../data/shapes.ts';

/** Programs for a sensor that has just been registered, with its values filled in. */
export const SNIPPETS = ['mosquitto_pub', 'Python', 'ESP8266'] as const;
export type SnippetName = (typeof SNIPPETS)[number];

const NOWHERE: BrokerAddress = { scheme: 'tcp', host: 'YOUR-BROKER', port: 1883, credentials: null };

export function snippetOf(name: SnippetName, credentials: Credentials): string {
  const { items } = credentials.broker;
  const broker =
    items.find(({ scheme }) => scheme === 'tcp') ??
    items.find(({ scheme }) => scheme === 'ssl') ??
    items[0] ??
    NOWHERE;
  if (name === 'mosquitto_pub') return shell(credentials, broker);
  return name === 'Python' ? python(credentials, broker) : arduino(credentials, broker);
}

const isEncrypted = ({ scheme }: BrokerAddress) => scheme === 'ssl' || scheme === 'wss';
const isWebSocket = ({ scheme }: BrokerAddress) => scheme === 'ws' || scheme === 'wss';
/** As the strings of Python and C++ are written, too. */
const quoted = (text: string) => JSON.stringify(text);
const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function shell({ id, key }: Credentials, broker: BrokerAddress): string {
  const { host, port, credentials } = broker;
  const login =
    credentials === null
      ? ''
      : ` -u ${shellQuoted(credentials.username)} -P ${shellQuoted(credentials.password)}`;
  const tls = isEncrypted(broker) ? ' --tls-use-os-certs' : '';
  const web = isWebSocket(broker) ? ' --ws' : '';
  const to = `-h ${host} -p ${port}${web}${tls}${login}`;
  return `${web === '' ? '' : '# Needs mosquitto clients that know --ws; those of 2.0 do not.\n'}# A reading
mosquitto_pub ${to} \\
  -t sensor/data/${id}/${key} -q 1 \\
  -m '{"moisture": 42, "temperature": 21.5, "battery": 90}'

# What the actuators are to do: one byte for each agent
mosquitto_sub ${to} \\
  -t sensor/cmd/${id}/${key} -q 2 -F %x
`;
}

function python({ id, key }: Credentials, broker: BrokerAddress): string {
  const { host, port, credentials } = broker;
  const login =
    credentials === null
      ? ''
      : `client.username_pw_set(${quoted(credentials.username)}, ${quoted(credentials.password)})\n`;
  const transport = isWebSocket(broker) ? ', transport="websockets"' : '';
  const path = isWebSocket(broker) ? 'client.ws_set_options(path="/mqtt")\n' : '';
  return `# pip install paho-mqtt
import json
import time

import paho.mqtt.client as mqtt

SENSOR = "${id}/${key}"


def on_connect(client, userdata, flags, reason_code, properties):
    client.subscribe(f"sensor/cmd/{SENSOR}", qos=2)


def on_message(client, userdata, message):
    # One byte for each agent, in the order of their names: 0 is off.
    print("actuators:", list(message.payload))


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2${transport})
client.on_connect = on_connect
client.on_message = on_message
${login}${path}${isEncrypted(broker) ? 'client.tls_set()\n' : ''}client.connect(${quoted(host)}, ${port}, keepalive=30)
client.loop_start()
while True:
    reading = {"moisture": 42, "temperature": 21.5, "battery": 90}
    client.publish(f"sensor/data/{SENSOR}", json.dumps(reading), qos=1)
    time.sleep(60)
`;
}

function arduino({ id, key }: Credentials, broker: BrokerAddress): string {
  const { host, port, credentials } = broker;
  const login =
    credentials === null ? '' : `, ${quoted(credentials.username)}, ${quoted(credentials.password)}`;
  const warning = isWebSocket(broker)
    ? '// PubSubClient knows no WebSocket: it needs a broker with TCP.\n'
    : '';
  const kind = isEncrypted(broker) ? 'WiFiClientSecure' : 'WiFiClient';
  return `// Board: ESP8266. Library: PubSubClient
${warning}#include <ESP8266WiFi.h>
#include <PubSubClient.h>

const char *DATA = "sensor/data/${id}/${key}";
const char *COMMANDS = "sensor/cmd/${id}/${key}";
const int PUMP = D1;
// Whatever happens, it is off then. A lamp may want longer.
const unsigned long LONGEST_MS = 3600000;

${kind} net;
PubSubClient mqtt(net);
unsigned long sentAt = 0;
unsigned long onSince = 0; // 0: it is off.

void setPump(bool isOn) {
  if (!isOn) onSince = 0;
  else if (onSince == 0) onSince = max(millis(), 1UL);
  digitalWrite(PUMP, isOn && millis() - onSince < LONGEST_MS ? HIGH : LOW);
}

// One byte for each agent, in the order of their names: 0 is off.
void onCommand(char *topic, byte *payload, unsigned int length) {
  setPump(length > 0 && payload[0] > 0);
}

void connect() {
  setPump(false); // Nobody would tell it to stop.
  if (WiFi.status() != WL_CONNECTED) { delay(500); return; }
  if (mqtt.connect("sensor-${id}"${login})) mqtt.subscribe(COMMANDS, 1);
  else delay(2000);
}

void setup() {
  pinMode(PUMP, OUTPUT);
  WiFi.begin("YOUR-WIFI", "ITS-PASSWORD");
${isEncrypted(broker) ? '  net.setInsecure(); // Better: net.setTrustAnchors(...)\n' : ''}  mqtt.setServer(${quoted(host)}, ${port});
  mqtt.setCallback(onCommand);
}

void loop() {
  if (!mqtt.connected()) { connect(); return; }
  mqtt.loop();
  setPump(onSince != 0);
  if (sentAt != 0 && millis() - sentAt < 60000) return;
  sentAt = millis();
  // What your probe says in dry air, and in water.
  long moisture = constrain(map(analogRead(A0), 1023, 300, 0, 100), 0, 100);
  char reading[48];
  snprintf(reading, sizeof reading, "{\\"moisture\\": %ld}", moisture);
  mqtt.publish(DATA, reading);
}
`;
}
