import { useLingui } from "@lingui/react/macro";
import { type FocusEvent, useRef } from "react";
import { runNoticeAction, dismissNotice, pauseExpiry, useNotices } from "@/lib/notices";
import { Button } from "./button";
import { Icon } from "./icon";
import styles from "./notices.module.css";
import { useNoticeShortcuts } from "./use-notice-shortcuts";

/**
 * The notices at the bottom of the page, announced when screen readers are idle. F6 moves the focus to them and back.
 */
export function Notices() {
  const { t } = useLingui();
  const notices = useNotices();
  const region = useRef<HTMLDivElement>(null);
  const restoreFocus = useNoticeShortcuts(region);
  const close = (action: () => void): void => {
    restoreFocus();
    action();
  };
  const resumeOnBlur = (event: FocusEvent): void => {
    if (!region.current?.contains(event.relatedTarget)) pauseExpiry(false);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the handlers only pause the expiry
    <section
      ref={region}
      aria-label={t`Notices`}
      // reachable while a dialog is open
      data-react-aria-top-layer
      className={styles.region}
      onMouseEnter={() => pauseExpiry(true)}
      onMouseLeave={() => pauseExpiry(false)}
      onFocus={() => pauseExpiry(true)}
      onBlur={resumeOnBlur}
    >
      <div role="status" aria-live="polite" aria-atomic="false" className={styles.notices}>
        {notices.map((notice) => (
          <div key={notice.id} className={styles.notice}>
            <span className={styles.said}>{notice.text}</span>
            {notice.action ? (
              <Button variant="plain" className={styles.action} onPress={() => close(() => runNoticeAction(notice))}>
                {notice.action.label}
              </Button>
            ) : null}
            <Button
              variant="icon"
              className={styles.close}
              aria-label={t`Dismiss`}
              onPress={() => close(() => dismissNotice(notice.id))}
            >
              <Icon name="close" size={16} />
            </Button>
          </div>
        ))}
      </div>
    </section>
  );
}
