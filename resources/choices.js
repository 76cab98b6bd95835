// For RIPE's dialogs: what there is to choose in a garden, live from the runtime, beside fields in which it can be typed.
{
  const NOTHING = { sensors: [], agentTypes: [], supplies: [] };
  const textOf = (key, values) => RED.nodes.getType('ripe-garden')._(`ripe-garden.choices.${key}`, values);

  /** What the garden of a dialog has; `problem` says in words why nothing can be chosen. */
  const load = async (garden) => {
    if (!garden || garden === '_ADD_') return { ...NOTHING, problem: textOf('noGarden') };
    try {
      return { problem: null, ...(await $.getJSON(`ripe/gardens/${encodeURIComponent(garden)}/choices`)) };
    } catch (failure) {
      const keys = { 401: 'forbidden', 403: 'forbidden', 404: 'notDeployed', 503: 'noRuntime' };
      return { ...NOTHING, problem: textOf(keys[failure.status] ?? 'unanswered') };
    }
  };

  const optionFor = ({ id, name }) => $('<option>').val(String(id)).text(`${name} (${id})`);

  /** One sensor, by its name. What the flow names but the garden does not have stays chosen, and is marked. */
  const fillSensors = (select, { sensors, problem }, chosen) => {
    select.empty();
    const isKnown = sensors.some(({ id }) => String(id) === chosen);
    if (!isKnown && chosen) {
      const key = problem === null ? 'goneSensor' : 'unknownSensor';
      select.append(
        $('<option>')
          .val(chosen)
          .text(textOf(key, { id: chosen })),
      );
    }
    if (!chosen)
      select.append($('<option value="">').text(textOf(sensors.length > 0 ? 'choose' : 'noSensors')));
    for (const sensor of sensors) select.append(optionFor(sensor));
    select.val(chosen ?? '');
  };

  /** Suggestions below a text field; anything else may be typed all the same. `list` is asked at each key. */
  const suggest = (input, list) => {
    input.autoComplete({
      minLength: 0,
      search: (value) => {
        const typed = value.trim().toLowerCase();
        const found = list().filter((each) => each.value.toLowerCase().includes(typed));
        return found.slice(0, 20).map(({ value: text, note }) => ({
          value: text,
          label: $('<div class="ripe-choice">').append(
            $('<span>').text(text),
            note ? $('<span class="ripe-choice-note">').text(note) : [],
          ),
        }));
      },
    });
  };

  /** The agents of some sensors by domain, each once. */
  const agentsOf = (sensors) => {
    const types = new Map();
    for (const { domain, agentName } of sensors.flatMap(({ agents }) => agents)) {
      types.set(domain, new Set([...(types.get(domain) ?? []), agentName]));
    }
    return [...types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, names]) => ({ value, note: [...names].join(', ') }));
  };

  const patternOf = (text) => {
    const literal = text
      .trim()
      .replaceAll(/\*+/g, '*')
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'isu');
  };

  /** Says below a pattern which sensors it means now. */
  const matchText = (sensors, pattern) => {
    if (pattern.trim() === '') return '';
    const names = sensors.filter(({ name }) => patternOf(pattern).test(name.trim())).map(({ name }) => name);
    if (names.length === 0) return textOf('matchesNone');
    return textOf('matches', {
      count: names.length,
      names: names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : ''),
    });
  };

  /** The fields of a dialog that names sensors: `of`, `sensor`, `pattern`, and, where it has them, the agent's. */
  const prepareSensorFields = (node) => {
    let choices = { ...NOTHING, problem: null };
    const [garden, of, select, pattern, domain, type] = [
      'garden',
      'of',
      'sensor',
      'pattern',
      'domain',
      'agentName',
    ].map((name) => $(`#node-input-${name}`));
    const chosen = () => String(select.val() ?? '') || node.sensor;
    const meant = () => {
      if (of.val() === 'one') return choices.sensors.filter(({ id }) => String(id) === chosen());
      if (of.val() !== 'named') return choices.sensors;
      return choices.sensors.filter(({ name }) => patternOf(String(pattern.val())).test(name.trim()));
    };
    const show = () => {
      $('.ripe-row-one').toggle(of.val() === 'one');
      $('.ripe-row-named').toggle(of.val() === 'named');
      $('.ripe-choices-note')
        .text(choices.problem ?? '')
        .toggle(choices.problem !== null);
      $('.ripe-pattern-note').text(
        choices.problem === null ? matchText(choices.sensors, String(pattern.val())) : '',
      );
    };
    const reload = async () => {
      choices = await load(garden.val());
      fillSensors(select, choices, chosen());
      show();
    };
    fillSensors(select, choices, node.sensor);
    suggest(pattern, () => choices.sensors.map(({ name, id }) => ({ value: name, note: String(id) })));
    suggest(domain, () => agentsOf(meant()));
    if (type.length > 0) suggest(type, () => choices.agentTypes.map((value) => ({ value })));
    of.on('change', show);
    pattern.on('change keyup', show);
    garden.on('change', reload);
    show();
    void reload();
  };

  /** Supplies that the garden or its agents name, at the end of a list such as `pump=1, tank=2`. */
  const suggestSupplies = (input, garden) => {
    let known = [];
    void load(garden).then(({ supplies }) => {
      known = supplies;
    });
    input.autoComplete({
      minLength: 0,
      search: (value) => {
        const entries = value.split(',');
        const typed = entries.pop().trim().toLowerCase();
        const before = entries.map((entry) => `${entry.trim()}, `).join('');
        const found = known.filter(
          (name) => name.toLowerCase().startsWith(typed) && !value.includes(`${name}=`),
        );
        return found.map((name) => ({ value: `${before}${name}=1`, label: $('<span>').text(name) }));
      },
    });
  };

  /** Says below the name of an agent type that the garden has one of that name, which is not this node's own. */
  const noteTakenType = (input, garden, own) => {
    const note = $('<div class="ripe-note">').insertAfter(input);
    let known = [];
    const show = () => {
      const name = String(input.val()).trim();
      note.text(name !== own && known.includes(name) ? textOf('takenType', { name }) : '');
    };
    const reload = async () => {
      known = (await load(garden.val())).agentTypes;
      show();
    };
    input.on('change keyup', show);
    garden.on('change', reload);
    void reload();
  };

  RED.ripe = {
    ...RED.ripe,
    loadChoices: load,
    suggest,
    prepareSensorFields,
    suggestSupplies,
    noteTakenType,
  };
}
