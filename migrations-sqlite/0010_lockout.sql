-- Failed sign-ins are counted as everything else is: in Redis, or in the table `counter`.
DROP TABLE login_failure;
