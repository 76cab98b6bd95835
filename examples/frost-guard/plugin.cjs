// What Node-RED loads: it says where the agent type is, and stays the same in every version. RIPE loads agent.js itself,
// in a worker thread, so that an update takes effect without a restart.
module.exports = (RED) => {
  RED.plugins.registerPlugin('ripe-frost-guard', { type: 'ripe-agent', entry: 'agent.js' });
};
