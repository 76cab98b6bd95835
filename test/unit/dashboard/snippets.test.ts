import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { ownAddressOf } from '../../../dashboard/ui/add/own-address.ts';
import { SNIPPETS, snippetOf } from '../../../dashboard/ui/add/snippets.ts';
import type { Credentials } from '../../../dashboard/ui/data/shapes.ts';

const broker = (scheme: string, port: number) => ({
  scheme,
  host: '192.168.1.5',
  port,
  credentials: { username: 'ripe', password: `it's "secret"` },
});
const credentials = (...items: ReturnType<typeof broker>[]): Credentials => ({
  id: 7,
  key: 'Ab3dE9',
  broker: { items },
});

describe('A program for a new sensor', () => {
  it('holds its topics and the broker', () => {
    for (const name of SNIPPETS) {
      const text = snippetOf(name, credentials(broker('tcp', 1883)));
      for (const part of [/sensor\/data/, /sensor\/cmd/, /7\/Ab3dE9/, /192\.168\.1\.5/, /1883/])
        assert.match(text, part, name);
    }
  });

  it('quotes what a password holds, as each language wants it', () => {
    const from = credentials(broker('tcp', 1883));
    assert.ok(snippetOf('Python', from).includes(String.raw`"it's \"secret\""`));
    assert.ok(snippetOf('ESP8266', from).includes(String.raw`"it's \"secret\""`));
    const echo = snippetOf('mosquitto_pub', from).replaceAll(/^mosquitto_\w+/gm, "printf '%s\\n'");
    const { stdout } = spawnSync('sh', ['-c', echo], { encoding: 'utf8' });
    assert.ok(stdout.split('\n').includes(`it's "secret"`), stdout);
  });

  it('prefers plain TCP, and speaks TLS and WebSocket where there is nothing else', () => {
    assert.match(
      snippetOf('mosquitto_pub', credentials(broker('ws', 1880), broker('tcp', 1883))),
      /-p 1883 -u/,
    );
    const tls = credentials(broker('wss', 443));
    assert.match(snippetOf('mosquitto_pub', tls), /--ws --tls-use-os-certs/);
    assert.match(snippetOf('Python', tls), /transport="websockets"[\s\S]*tls_set/);
    assert.match(snippetOf('ESP8266', credentials(broker('ssl', 8883))), /WiFiClientSecure/);
  });

  it('prefers TLS to WebSocket, which small devices and older clients do not know, and says so', () => {
    const both = credentials(broker('ws', 1880), broker('ssl', 8883));
    assert.match(snippetOf('mosquitto_pub', both), /-p 8883 --tls/);
    const web = credentials(broker('ws', 1880));
    assert.match(snippetOf('mosquitto_pub', web), /^# Needs mosquitto clients that know --ws/);
    assert.match(snippetOf('ESP8266', web), /knows no WebSocket/);
  });

  it('of a pump ends by itself, also where nobody tells it to', () => {
    const program = snippetOf('ESP8266', credentials(broker('tcp', 1883)));
    assert.match(program, /LONGEST_MS = 3600000;/);
    assert.match(program, /mqtt\.loop\(\);\n {2}setPump\(onSince != 0\);/);
  });

  it('names a place for the broker while none is in service', () => {
    assert.match(snippetOf('Python', credentials()), /"YOUR-BROKER", 1883/);
  });
});

describe('The broker of a new sensor', () => {
  const at = (...hosts: string[]) => credentials(...hosts.map((host) => ({ ...broker('tcp', 1883), host })));

  it('is of no use to a device where it is an address of this computer alone', () => {
    for (const host of ['127.0.0.1', '127.0.1.1', 'localhost', '::1', '[::1]'])
      assert.equal(ownAddressOf(at(host)), host);
  });

  it('is one where any can be reached from elsewhere, or there is none', () => {
    for (const hosts of [['192.168.1.5'], ['127.0.0.1', 'garden.example'], ['127.example'], []])
      assert.equal(ownAddressOf(at(...hosts)), null, String(hosts));
  });
});
