import { t } from '../texts';
import { plainLabel } from '../ui/plain';

/** What to call a visitor: by name, by address, or by the end of their id. */
export function visitorName({ name, email, visitor }: { name?: string; email?: string; visitor: string }): string {
  return plainLabel(name) || plainLabel(email) || t('visitor_no', { n: visitor.slice(-4).toUpperCase() });
}
