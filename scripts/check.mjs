/** Placeholder until the gates land. */
export async function main() {
  return 0;
}
