import assert from 'node:assert/strict';
import {
  dryingRate,
  pumpInflow,
  type Soil,
  startSoil,
  stepSoil,
  weatherAt,
} from '../../../scripts/simulate/soil.ts';

const NOON = 13 * 3600;
const MIDNIGHT = 0;
const pot: Soil = { moisturePercent: 50, soilCelsius: 18, batteryPercent: 90, thirst: 1 };

function later(soil: Soil, minutes: number, at: number, inflow = 0): Soil {
  return stepSoil(soil, { seconds: minutes * 60, weather: weatherAt(at), inflow });
}

describe('simulated weather', () => {
  it('is dark at night and brightest at noon', () => {
    assert.equal(weatherAt(MIDNIGHT).lightLux, 0);
    assert.equal(weatherAt(23 * 3600).lightLux, 0);
    assert.equal(weatherAt(NOON).daylight, 1);
    assert.ok(weatherAt(9 * 3600).lightLux < weatherAt(NOON).lightLux);
  });

  it('repeats every day', () => {
    assert.deepEqual(weatherAt(NOON + 3 * 86_400), weatherAt(NOON));
  });

  it('measures light as an integer at any time', () => {
    for (let time = 0; time < 86_400; time += 611) {
      assert.ok(Number.isInteger(weatherAt(time).lightLux));
      assert.ok(weatherAt(time).lightLux >= 0);
    }
  });

  it('is warmer and drier in the afternoon than before dawn', () => {
    const [afternoon, dawn] = [weatherAt(15 * 3600), weatherAt(3 * 3600)];
    assert.ok(afternoon.airCelsius > dawn.airCelsius);
    assert.ok(afternoon.humidityPercent < dawn.humidityPercent);
  });
});

describe('simulated soil', () => {
  it('dries at night, and faster in the sun', () => {
    const night = later(pot, 10, MIDNIGHT).moisturePercent;
    const noon = later(pot, 10, NOON).moisturePercent;
    assert.ok(night < 50);
    assert.ok(noon < night);
  });

  it('dries slower when its plant is less thirsty', () => {
    const modest = later({ ...pot, thirst: 0.5 }, 10, NOON).moisturePercent;
    assert.ok(modest > later(pot, 10, NOON).moisturePercent);
  });

  it('gains what a run promises, even at noon', () => {
    const runSeconds = 480;
    const inflow = pumpInflow(35, runSeconds);
    const wet = stepSoil(
      { ...pot, moisturePercent: 19.9 },
      { seconds: runSeconds, weather: weatherAt(NOON), inflow },
    );
    assert.ok(wet.moisturePercent >= 54.8, String(wet.moisturePercent));
  });

  it('stays between 0 and 100 percent', () => {
    assert.equal(later(pot, 100_000, NOON).moisturePercent, 0);
    assert.equal(later(pot, 1000, NOON, pumpInflow(35, 60)).moisturePercent, 100);
  });

  it('follows the temperature of the air slowly, and is cooled by watering', () => {
    const warmed = later(pot, 60, 15 * 3600).soilCelsius;
    assert.ok(warmed > 18 && warmed < weatherAt(15 * 3600).airCelsius);
    assert.ok(later(pot, 8, 15 * 3600, 0.1).soilCelsius < 18);
  });

  it('loses the same in many small steps as in a large one', () => {
    let soil = pot;
    for (let i = 0; i < 600; i++) soil = stepSoil(soil, { seconds: 1, weather: weatherAt(NOON), inflow: 0 });
    assert.ok(Math.abs(soil.moisturePercent - later(pot, 10, NOON).moisturePercent) < 1e-9);
  });
});

describe('simulated start', () => {
  const weather = weatherAt(9 * 3600);
  const secondsUntilDry = (index: number, speed: number) => {
    const soil = startSoil(index, { limit: 20, speed, weather });
    return (soil.moisturePercent - 20) / (dryingRate(weather, soil.thirst) * speed);
  };

  it('lets the first pots dry out within 20 s of real time, one after the other', () => {
    for (const speed of [1, 60, 120]) {
      assert.ok(secondsUntilDry(0, speed) < 10);
      assert.ok(secondsUntilDry(1, speed) > secondsUntilDry(0, speed));
      assert.ok(secondsUntilDry(1, speed) < 20);
    }
  });

  it('starts every pot above the limit and below soaking wet', () => {
    for (let index = 0; index < 500; index++) {
      const { moisturePercent } = startSoil(index, { limit: 20, speed: 60, weather });
      assert.ok(moisturePercent > 20 && moisturePercent <= 95);
    }
  });
});
