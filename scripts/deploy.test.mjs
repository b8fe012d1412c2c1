import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
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
