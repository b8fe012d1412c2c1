export { faultyExchange, type Fault, type FaultPlan } from './testing/faulty-exchange.ts';
export {
  MockProvider,
  newMockProvider,
  setMockResponse,
  type MockAnswer,
  type MockOptions,
} from './testing/mock-provider.ts';
export {
  recordedExchange,
  type RecordedExchange,
  type RecordingMode,
  type RecordingOptions,
} from './testing/recorded-exchange.ts';
export {
  scriptedExchange,
  type ScriptedAnswer,
  type ScriptedExchange,
  type ScriptedOptions,
} from './testing/scripted-exchange.ts';
export { serveExchange, type ServedExchange, type ServedRequest } from './testing/serve-exchange.ts';
export {
  startSimulatorServer,
  type ReceivedRequest,
  type SimulatorServer,
  type SimulatorServerOptions,
} from './testing/simulator-server.ts';
export { steppedClock, type SteppedClock } from './testing/stepped-clock.ts';
