void suite_http_stamps(void);
void suite_http_stamps(void) {}
