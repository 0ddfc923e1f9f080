Feature: Try Task
  What is caught, by whom, and what the handler sees.

  Scenario: The error goes by the name that catch gives it
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-error-goes-by-the-name-that-catch-gives-it
      version: '1.0.0'
    do:
      - t:
          try:
            - bad:
                raise: { error: { type: 'https://example.com/errors/x', status: 418, title: Teapot, detail: short and stout } }
          catch:
            as: mishap
            do:
              - tell:
                  set: '${ $mishap }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    type: https://example.com/errors/x
    status: 418
    title: Teapot
    detail: short and stout
    instance: /do/0/t/try/0/bad
    """

  Scenario: A condition decides what is caught
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-condition-decides-what-is-caught
      version: '1.0.0'
    do:
      - t:
          try:
            - bad:
                raise: { error: { type: 'https://example.com/errors/x', status: 500, title: X } }
          catch:
            when: $error.status == 404
            do:
              - tell:
                  set: { caught: true }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://example.com/errors/x
    status: 500
    title: X
    instance: /do/0/t/try/0/bad
    """

  Scenario: An exception decides what is not caught
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-exception-decides-what-is-not-caught
      version: '1.0.0'
    do:
      - t:
          try:
            - bad:
                raise: { error: { type: 'https://example.com/errors/x', status: 500, title: X } }
          catch:
            exceptWhen: ${ $error.title == "X" }
            do:
              - tell:
                  set: { caught: true }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://example.com/errors/x
    status: 500
    title: X
    instance: /do/0/t/try/0/bad
    """

  Scenario: Error types are the same under both hosts and both forms of path
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: error-types-are-the-same-under-both-hosts-and-both-forms-of-pa
      version: '1.0.0'
    do:
      - old:
          try:
            - bad:
                raise: { error: { type: 'https://serverlessworkflow.io/dsl/errors/types/communication', status: 502 } }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication' } }
            do:
              - tell:
                  set: { old: true }
      - new:
          try:
            - bad:
                raise: { error: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/timeout', status: 408 } }
          catch:
            errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout' } }
            do:
              - tell:
                  set: '${ . + { new: true } }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    old: true
    new: true
    """

  Scenario: An inner try that does not catch leaves it to the outer one
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-inner-try-that-does-not-catch-leaves-it-to-the-outer-one
      version: '1.0.0'
    do:
      - outer:
          try:
            - inner:
                try:
                  - bad:
                      raise: { error: { type: 'https://example.com/errors/x', status: 500 } }
                catch:
                  errors: { with: { status: 404 } }
          catch:
            do:
              - tell:
                  set: { at: '${ $error.instance }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    at: /do/0/outer/try/0/inner/try/0/bad
    """

  Scenario: An error in the handler goes outward
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: an-error-in-the-handler-goes-outward
      version: '1.0.0'
    do:
      - outer:
          try:
            - inner:
                try:
                  - bad:
                      raise: { error: { type: 'https://example.com/errors/first', status: 500 } }
                catch:
                  do:
                    - worse:
                        raise: { error: { type: 'https://example.com/errors/second', status: 501 } }
          catch:
            do:
              - tell:
                  set: { status: '${ $error.status }', at: '${ $error.instance }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 501
    at: /do/0/outer/try/0/inner/catch/do/0/worse
    """

  Scenario: Caught without a handler the workflow goes on with the input of the try
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: caught-without-a-handler-the-workflow-goes-on-with-the-input-o
      version: '1.0.0'
    do:
      - t:
          try:
            - half:
                set: { lost: true }
            - bad:
                raise: { error: { type: 'https://example.com/errors/x', status: 500 } }
          catch: {}
      - end:
          set: { got: '${ . }' }
    """
    And given the workflow input is:
    """yaml
    kept: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    got: { kept: 1 }
    """
    And bad should run after half
    And end should run last

  Scenario: A status of an HTTP answer
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-status-of-an-http-answer
      version: '1.0.0'
    do:
      - t:
          try:
            - call:
                call: http
                with: { method: get, endpoint: 'https://httpbin.org/status/404' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication', status: 404 } }
            do:
              - tell:
                  set: { found: false }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    found: false
    """

  Scenario: A wrong expression is an error that can be caught
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-wrong-expression-is-an-error-that-can-be-caught
      version: '1.0.0'
    do:
      - t:
          try:
            - bad:
                set: { x: '${ .text | length + {} }' }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/expression' } }
            do:
              - tell:
                  set: { expression: '${ $error.status }' }
    """
    And given the workflow input is:
    """yaml
    text: abc
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    expression: 400
    """

  Scenario: The handler may lead the flow elsewhere
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-handler-may-lead-the-flow-elsewhere
      version: '1.0.0'
    do:
      - t:
          try:
            - bad:
                raise: { error: { type: 'https://example.com/errors/x', status: 500 } }
          catch:
            then: failed
      - fine:
          set: { status: ok }
          then: end
      - failed:
          set: { status: failed }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: failed
    """
