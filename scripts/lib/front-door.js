// What a person finds who has only the address of the machine.
import { networkInterfaces } from 'node:os';

/** Where other devices of the network reach this machine; null: it has no network, or listens to one address only. */
export function addressInNetwork(host, interfaces = networkInterfaces()) {
  if (host !== '0.0.0.0') return null;
  const addresses = Object.values(interfaces).flat();
  return addresses.find((each) => each?.family === 'IPv4' && !each.internal)?.address ?? null;
}

/** Leads from `/` to the home page, unless a flow answers there: in the app around Node-RED's own, whose routes come first. */
export function leadHome(app, home) {
  app.parent.get('/', (_, response) => response.redirect(home));
}
