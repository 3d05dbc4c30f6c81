/** The newest ruleset that this release holds. A rule or a catalogue entry says since which one it exists. */
export const RULESET = '0.1';

/** Did `since` come after the ruleset that a policy pins? `Latest` takes everything. */
export function isLater(since: string, pinned: string): boolean {
  if (pinned === 'Latest' || pinned === since) return false;
  const [major = 0, minor = 0] = since.split('.').map(Number);
  const [pinnedMajor = 0, pinnedMinor = 0] = pinned.split('.').map(Number);
  return major > pinnedMajor || (major === pinnedMajor && minor > pinnedMinor);
}
