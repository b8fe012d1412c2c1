import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { parse, parseAllDocuments } from 'yaml';

import { copyOf, environmentOf, readDockerfile } from './lib/read-dockerfile.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const read = (file) => readFile(path.join(ROOT, file), 'utf8');

/** What a build makes is not in the repository. */
const MADE = /\/(?:dist|node_modules)$|^node_modules$/;

describe('the image', () => {
  it('copies what there is, runs as 1000:1000 and serves the container’s port everywhere', async () => {
    const [build, image] = readDockerfile(await read('Dockerfile'));
    assert.ok(build !== undefined && image !== undefined);
    for (const { name, rest } of [...build.steps, ...image.steps]) {
      if (name !== 'COPY') continue;
      const { from, sources } = copyOf(rest);
      for (const each of sources) {
        const file = from === undefined ? each : path.posix.relative('/src', each);
        if (!MADE.test(file)) await stat(path.join(ROOT, file));
      }
    }
    const environment = environmentOf(image);
    assert.deepEqual(
      [environment['HOST'], environment['PORT'], environment['DATA_DIR']],
      ['0.0.0.0', '8000', '/app/data'],
    );
    const said = (name) => image.steps.findLast((each) => each.name === name)?.rest;
    assert.equal(said('USER'), '1000:1000');
    assert.equal(said('EXPOSE'), '8000');
    assert.match(said('HEALTHCHECK') ?? '', /\/health/);
    const [, file = ''] = JSON.parse(said('CMD') ?? '[]');
    await stat(path.join(ROOT, file));
    // Every package that npm is to find is told of before the install.
    const { workspaces } = JSON.parse(await read('package.json'));
    assert.deepEqual(workspaces, ['packages/*']);
    for (const each of ['llm', 'contract', 'gateway', 'console'])
      assert.ok(
        build.steps.some(({ rest }) => rest.startsWith(`packages/${each}/package.json `)),
        each,
      );
  });

  it('leaves out what belongs to this machine', async () => {
    const lines = (await read('.dockerignore')).split('\n');
    for (const each of ['.env', 'data', 'node_modules', '.git', 'config.yaml']) assert.ok(lines.includes(each), each);
  });
});

it('the service of the compose file has the documented names and stays within 2 GB and 2 processors', async () => {
  const { services } = parse(await read('docker-compose.yml'));
  const service = services['ai-backend'];
  assert.deepEqual(
    [service?.['container_name'], service?.['image'], service?.['mem_limit'], service?.['cpus']],
    ['ai-backend', 'ai-backend', '2g', 2],
  );
  // Eslint-like checkers take this for a template of ours; it is one of the compose file's.
  assert.deepEqual(service?.['ports'], ['$' + '{PORT:-8000}:$' + '{PORT:-8000}']);
  assert.match(String(services['postgres']?.['command']), /pg_stat_statements/);
});

it('the deployment has the documented name, asks whether it lives, and runs as 1000', async () => {
  const documents = parseAllDocuments(await read('deploy/kubernetes/ai-backend.yaml'));
  assert.deepEqual(
    documents.flatMap(({ errors }) => errors),
    [],
  );
  const all = documents.map((each) => each.toJS());
  assert.deepEqual(
    all.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    ['PersistentVolumeClaim/ai-backend', 'Deployment/ai-backend', 'Service/ai-backend'],
  );
  const { selector, template } = all[1].spec;
  const [container] = template.spec.containers;
  assert.deepEqual(template.metadata.labels['app.kubernetes.io/name'], selector.matchLabels['app.kubernetes.io/name']);
  assert.equal(template.spec.securityContext.runAsUser, 1000);
  assert.deepEqual(
    ['startupProbe', 'readinessProbe', 'livenessProbe'].map((each) => container[each].httpGet.path),
    ['/health', '/health', '/api/health'],
  );
  assert.equal(all[2].spec.selector['app.kubernetes.io/name'], 'ai-backend');
  for (const { name } of container.volumeMounts)
    assert.ok(
      template.spec.volumes.some((each) => each.name === name),
      name,
    );
});

describe('the chart', () => {
  const CHART = 'deploy/helm/patchbay';
  const fromText = async (file) => parse(await read(`${CHART}/${file}`));

  it('names only settings that there are, and has no release of its own', async () => {
    const { loadSettings } = await import('../packages/gateway/src/config/load-settings.ts');
    const load = (names) =>
      loadSettings({ environment: {}, dotenv: names.map((name) => `${name}=`).join('\n'), isTerminal: false });
    const { settings, secrets } = await fromText('values.yaml');
    const values = await read(`${CHART}/values.yaml`);
    const helpers = await read(`${CHART}/templates/_helpers.tpl`);
    const commented = [...values.matchAll(/^# {3}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name);
    const demanded = [...helpers.matchAll(/"([A-Z][A-Z0-9_]+)"/g)].map(([, name]) => name);
    const named = [...Object.keys(settings), ...Object.keys(secrets), ...commented, ...demanded];
    assert.ok(named.length >= 15, named.join());
    load(named);
    assert.throws(() => load([...named, 'LOG_LEVLE']), /LOG_LEVLE/);
    const { version, appVersion } = await fromText('Chart.yaml');
    const { version: own } = JSON.parse(await read('packages/gateway/package.json'));
    assert.deepEqual([version, appVersion], [own, own]);
  });

  it('uses every value that it declares, and none that it does not', async () => {
    const names = await readdir(path.join(ROOT, CHART, 'templates'));
    const text = (await Promise.all(names.map((name) => read(`${CHART}/templates/${name}`)))).join('\n');
    const used = [...text.matchAll(/\.Values\.(\w+)(?:\.(\w+))?/g)].map(([, one, two]) => [one, two]);
    const values = await fromText('values.yaml');
    const isDeclared = ([one, two]) =>
      one in values && (two === undefined || typeof values[one] !== 'object' || two in values[one]);
    assert.deepEqual(
      used.filter((each) => !isDeclared(each)),
      [],
    );
    assert.deepEqual(
      Object.keys(values).filter((each) => !used.some(([one]) => one === each)),
      [],
    );
  });

  const render = async (...set) => {
    const args = ['template', 'try', path.join(ROOT, CHART), ...set.flatMap((each) => ['--set', each])];
    const { stdout } = await promisify(execFile)('helm', args);
    const all = parseAllDocuments(stdout).map((each) => each.toJS());
    return Object.fromEntries(all.filter((each) => each !== null).map((each) => [each.kind, each]));
  };
  const SHARED = ['DATABASE_URL', 'REDIS_URL', 'ENCRYPTION_KEY', 'JWT_SECRET', 'GATEWAY_API_KEY'].map(
    (name) => `secrets.${name}=canary`,
  );

  it('renders one process on a claim, or several behind an autoscaler', async (context) => {
    try {
      const one = await render();
      assert.deepEqual(Object.keys(one).toSorted(), ['ConfigMap', 'Deployment', 'PersistentVolumeClaim', 'Service']);
      assert.equal(one.Deployment.spec.strategy.type, 'Recreate');
      const { labels } = one.Deployment.spec.template.metadata;
      for (const [name, value] of Object.entries(one.Service.spec.selector)) assert.equal(labels[name], value);
      const several = await render('autoscaling.enabled=true', ...SHARED);
      assert.deepEqual(Object.keys(several).toSorted(), [
        'ConfigMap',
        'Deployment',
        'HorizontalPodAutoscaler',
        'PodDisruptionBudget',
        'Secret',
        'Service',
      ]);
      assert.ok(!JSON.stringify(several.Deployment).includes('canary'));
      await assert.rejects(render('replicas=2'), /Several replicas need secrets\.DATABASE_URL/);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      context.skip('There is no `helm` here.');
    }
  });
});

it('the units are ones that systemd takes', async (context) => {
  assert.equal(await read('deploy/systemd/patchbay.service'), await read('deploy/systemd/ai-backend.service'));
  const unit = path.join(ROOT, 'deploy/systemd/ai-backend.service');
  try {
    const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', unit]);
    assert.equal(`${stdout}${stderr}`, '');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    context.skip('There is no `systemd-analyze` here.');
  }
});
